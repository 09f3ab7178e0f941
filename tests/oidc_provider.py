"""An OpenID Connect provider for tests: `python -m tests.oidc_provider PORT`. Whoever comes chooses by a link who they are.

It keeps to what Streamlit's client uses: discovery, the code flow with PKCE and a nonce, signed id tokens, signing out. Codes
count once, and the client must know its secret.
"""

import base64
import html
import secrets
import sys
import time
from hashlib import sha256
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "footnote", "a-client-secret-of-tests"
PEOPLE = {
    "ada@example.org": True,
    "ben@example.org": True,
    "eve@evil.example": True,
    "unverified@example.org": False,
}
"""Who can be chosen, and whether their address is verified."""


def provider(issuer: str, redirects: tuple[str, ...]) -> Starlette:
    """The provider at that address, for one client that may be sent back to these addresses."""
    key = RSAKey.generate_key(2048, parameters={"kid": "tests", "use": "sig", "alg": "RS256"})
    codes: dict[str, dict[str, str]] = {}

    async def discovery(_: Request) -> Response:
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/jwks",
                "end_session_endpoint": f"{issuer}/logout",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def jwks(_: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False)]})

    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in redirects:
            return HTMLResponse("unknown client", 400)
        if asked.get("code_challenge_method") != "S256" or "openid" not in asked.get("scope", "").split():
            return HTMLResponse("PKCE and the scope openid are wanted", 400)
        if who := asked.get("who", ""):
            code = secrets.token_urlsafe(16)
            codes[code] = {**asked, "email": who}
            back = urlencode({"code": code, "state": asked["state"]})
            return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)
        links = "".join(
            f'<p><a href="/authorize?{html.escape(urlencode({**asked, "who": one}))}">{html.escape(one)}</a></p>'
            for one in PEOPLE
        )
        return HTMLResponse(f"<!doctype html><title>Provider</title><h1>Who are you?</h1>{links}")

    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        named = (
            base64.b64decode(given).decode() if scheme == "Basic" else f"{form.get('client_id')}:{form.get('client_secret')}"
        )
        asked = codes.pop(form.get("code", ""), None)
        if named != f"{CLIENT}:{SECRET}" or asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now, who = int(time.time()), asked["email"]
        claims = {"iss": issuer, "sub": who, "aud": CLIENT, "iat": now, "exp": now + 3600, "nonce": asked["nonce"]}
        claims |= {"email": who, "email_verified": PEOPLE[who], "name": who.partition("@")[0].title()}
        signed = jwt.encode({"alg": "RS256", "kid": "tests"}, claims, key)
        body = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 3600, "id_token": signed}
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def logout(request: Request) -> Response:
        back = request.query_params.get("post_logout_redirect_uri", "")
        return RedirectResponse(back, 302) if back in redirects else HTMLResponse("signed out")

    async def icon(_: Request) -> Response:
        return Response(status_code=204)

    paths = {
        "/.well-known/openid-configuration": discovery,
        "/jwks": jwks,
        "/authorize": authorize,
        "/logout": logout,
        "/favicon.ico": icon,
    }
    routes = [Route(path, endpoint) for path, endpoint in paths.items()]
    return Starlette(routes=[*routes, Route("/token", token, methods=["POST"])])


def main(port: int, *redirects: str) -> None:
    """Serves until it is stopped."""
    app = provider(f"http://127.0.0.1:{port}", redirects)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
