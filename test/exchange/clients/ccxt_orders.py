"""What a trader's script does with ccxt for Python: places, reads, trades and cancels; prints what it saw as one line of JSON."""

import json
import os
import sys
import uuid

import ccxt

base = sys.argv[1]


def client(account):
    return ccxt.coinbaseexchange({
        "apiKey": account,
        "secret": os.environ["SECRET_" + account.replace("-", "_")],
        "password": account,
        "urls": {"api": {"public": base, "private": base}},
        "enableRateLimit": False,
    })


def thrown(call):
    try:
        call()
    except ccxt.BaseError as error:
        return type(error).__name__
    return None


maker, taker = client("sandbox-1"), client("sandbox-2")
oid = str(uuid.uuid4())
order = maker.create_order("BTC/USD", "limit", "sell", 0.5, 100, {"clientOrderId": oid})
again = maker.create_order("BTC/USD", "limit", "sell", 0.5, 100, {"clientOrderId": oid})
book = maker.fetch_order_book("BTC/USD")
bought = taker.create_order("BTC/USD", "market", "buy", 0.2)
fill = taker.fetch_my_trades("BTC/USD", None, 1)[0]
seen = maker.fetch_order("", "BTC/USD", {"clientOrderId": oid})
refused = [
    thrown(lambda: taker.create_order("BTC/USD", "limit", "buy", 1, 10**9)),
    thrown(lambda: taker.fetch_order(str(uuid.uuid4()))),
]
maker.cancel_order(order["id"], "BTC/USD")
print(json.dumps({
    "markets": sorted(maker.markets),
    "sameOrder": order["id"] == again["id"],
    "asks": book["asks"],
    "bought": [bought["status"], bought["filled"], bought["cost"]],
    "fill": [fill["price"], fill["amount"], fill["takerOrMaker"], fill["fee"]["cost"]],
    "seen": [seen["status"], seen["filled"], seen["remaining"]],
    "refused": refused,
    "ended": maker.fetch_order(order["id"])["status"],
    "open": maker.fetch_open_orders("BTC/USD"),
    "free": taker.fetch_balance()["BTC"],
}))
