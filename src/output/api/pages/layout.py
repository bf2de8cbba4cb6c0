"""What all pages share: their head, their look, and the headers that keep everything else out."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import Response

_STYLE = """\
:root{color-scheme:light dark;--line:#8886;--accent:#1d4ed8;--bad:#b91c1c}
*{box-sizing:border-box}
body{margin:0 auto;max-width:36rem;padding:1.25rem 1rem 3rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.3rem;line-height:1.3;margin:.5rem 0;white-space:pre-line}
p{margin:.5rem 0}.quiet{opacity:.75;font-size:.9rem}
form{margin-top:1.25rem}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.25rem .9rem .9rem}
.field{margin:1rem 0}
label,legend{font-weight:600}.choices label{font-weight:400;display:flex;gap:.6rem;align-items:center;
min-height:2.75rem}.choices input{width:1.3rem;height:1.3rem;flex:none}
input:not([type=radio]),select,textarea{width:100%;min-height:2.75rem;padding:.5rem .6rem;font:inherit;
border:1px solid var(--line);border-radius:.4rem;background:transparent;color:inherit}
textarea{min-height:5.5rem}select option{color:#000}
button{width:100%;min-height:3rem;font:inherit;font-weight:600;color:#fff;background:var(--accent);border:0;border-radius:.5rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.bad{color:var(--bad)}.box{border:1px solid var(--line);border-radius:.5rem;padding:.75rem .9rem;margin:1rem 0}
@media (prefers-color-scheme:dark){:root{--accent:#3b6df0;--bad:#f87171}}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # The address is a secret: no other site, no index and no cache shall have it.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def page_response(title: str, body: str, *, status: int = 200) -> Response:
    """A page; `body` is HTML, `title` is text."""
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )
    return Response(page, status_code=status, media_type="text/html; charset=utf-8", headers=_HEADERS)
