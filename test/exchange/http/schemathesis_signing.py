"""Signs schemathesis's requests as a customer or an operator of the exchange under test. Loaded through SCHEMATHESIS_HOOKS."""

import base64
import hashlib
import hmac
import os
import time

import requests
import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation


class Signing(requests.auth.AuthBase):
    """Signs what is really sent: the path with its query as it is encoded, and the bytes of the body."""

    def __init__(self, key, secret, passphrase):
        self.key = key
        self.secret = base64.b64decode(secret)
        self.passphrase = passphrase

    def __call__(self, request):
        timestamp = str(int(time.time()))
        body = b"" if request.method in ("GET", "HEAD") else (request.body or b"")
        if isinstance(body, str):
            body = body.encode()
        signed = (timestamp + request.method + request.path_url).encode() + body
        signature = hmac.new(self.secret, signed, hashlib.sha256).digest()
        request.headers["CB-ACCESS-KEY"] = self.key
        request.headers["CB-ACCESS-SIGN"] = base64.b64encode(signature).decode()
        request.headers["CB-ACCESS-TIMESTAMP"] = timestamp
        if self.passphrase is not None:
            request.headers["CB-ACCESS-PASSPHRASE"] = self.passphrase
        return request


CUSTOMER = Signing("sandbox-1", base64.b64encode(b"sandbox-1-secret").decode(), "sandbox-1")
OPERATOR = Signing("ops", os.environ["OPERATOR_SECRET"], None)


schemathesis.auth.set_from_requests(CUSTOMER).apply_to(
    path_regex="^/(orders|accounts|fills|fees|profiles|transfers)"
)
schemathesis.auth.set_from_requests(OPERATOR).apply_to(path_regex="^/operator/")


@schemathesis.hook
def filter_case(context, case):
    """Leaves out requests whose only fault is a header that the signing above then mends; unsigned ones are sent by the coverage phase."""
    header = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return header is None or header.mode is not GenerationMode.NEGATIVE
