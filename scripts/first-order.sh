#!/usr/bin/env bash
# A first order by curl: signed as Coinbase Exchange asks for it, with a key of the sandbox. Needs curl, openssl and `npm run exchange`.
set -euo pipefail
url=${EXCHANGE_URL:-http://127.0.0.1:8080}
key=sandbox-1
secret=$(printf %s "$key-secret" | base64) # as every key's secret it is base64
passphrase=$key

# Timestamp, method, path with query and body, signed with the decoded secret.
ask() { # METHOD PATH [BODY]
    local now body=${3:-} signature
    now=$(date +%s)
    signature=$(printf %s "$now$1$2$body" | openssl dgst -sha256 -mac HMAC \
        -macopt "hexkey:$(printf %s "$secret" | base64 -d | od -An -v -tx1 | tr -d ' \n')" -binary | base64)
    curl --silent --show-error --fail-with-body -X "$1" "$url$2" ${body:+--data "$body"} \
        -H "Content-Type: application/json" -H "CB-ACCESS-KEY: $key" -H "CB-ACCESS-SIGN: $signature" \
        -H "CB-ACCESS-TIMESTAMP: $now" -H "CB-ACCESS-PASSPHRASE: $passphrase"
    echo
}

# A client_oid of your own makes it safe to send the same again: the answer is then the first order.
ask POST /orders '{"type":"limit","side":"buy","product_id":"BTC-USD","price":"50000.00","size":"0.01","client_oid":"my-first-order"}'
ask GET /orders/client:my-first-order
