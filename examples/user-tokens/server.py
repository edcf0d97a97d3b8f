"""Mints user tokens for Junctor: the part of a host application that says who is signed in.

    JUNCTOR_TOKEN_SECRET=… python3 examples/user-tokens/server.py

The same as server.ts, with Python's standard library alone.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = os.environ.get("JUNCTOR_TOKEN_SECRET", "").encode()
PORT = int(os.environ.get("PORT", "4020"))
ISSUER = "https://app.example"
AUDIENCE = "junctor"
LIFETIME_SECONDS = 300

if len(SECRET) < 32:
    sys.exit("Set JUNCTOR_TOKEN_SECRET to at least 32 bytes: the secret that the workspace has for this issuer.")


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mint_user_token(user: dict) -> str:
    """Signs a token (RFC 7519, HS256) that names the user and ends in five minutes."""
    now = int(time.time())
    profile = {key: value for key, value in user.items() if key != "id"}
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": user["id"], "iat": now, "exp": now + LIFETIME_SECONDS,
              "jti": str(uuid.uuid4()), **profile}
    content = f'{encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())}.{encode(json.dumps(claims).encode())}'
    return f"{content}.{encode(hmac.new(SECRET, content.encode(), hashlib.sha256).digest())}"


def read_session() -> dict:
    """Stands for your own session: here every visitor is Ada."""
    return {"id": "u-1", "email": "ada@app.example", "name": "Ada", "roles": ["member"]}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/junctor-token":
            self.send_error(404)
            return
        token = mint_user_token(read_session()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(token)))
        self.end_headers()
        self.wfile.write(token)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", PORT), Handler)
print(f"User tokens at http://127.0.0.1:{PORT}/junctor-token", flush=True)
server.serve_forever()
