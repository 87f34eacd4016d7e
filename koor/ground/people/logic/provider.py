"""What an OpenID provider says about itself, and about somebody who signs in: read with suspicion, no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
WELL_KNOWN = "/.well-known/openid-configuration"


def document_address(issuer: str) -> str:
    return issuer.rstrip("/") + WELL_KNOWN


def clean_issuer(typed: str) -> str:
    """The issuer, also where its document's address was pasted. A last slash stays: it is part of the name."""
    return typed.strip().removesuffix(WELL_KNOWN)


def is_issuer(issuer: str) -> bool:
    try:
        parts = urlsplit(issuer)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        return False


def same_issuer(one: str, other: str) -> bool:
    return one.rstrip("/") == other.rstrip("/")


def missing_from(document: Mapping[str, Any], issuer: str) -> list[str]:
    """What a document lacks that a sign-in needs; an address without TLS counts as lacking when the issuer has TLS."""
    scheme = "https://" if issuer.startswith("https://") else "http"
    missing = [name for name in ENDPOINTS if not str(document.get(name) or "").startswith(scheme)]
    types = document.get("response_types_supported", ["code"])
    return missing if isinstance(types, list) and "code" in types else [*missing, "response_types_supported: code"]


@dataclass(frozen=True)
class Claims:
    """Who the provider says it is. `verified`: it says too that the address is really theirs."""

    uid: str
    email: str
    verified: bool
    name: str


def read_claims(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> Claims | None:
    """The claims of one person; None when the two papers speak of different people (OpenID Connect Core, 5.3.2).

    Address and proof come from the same paper: `email_verified` of one says nothing of the address on the other."""
    subjects = {str(paper["sub"]) for paper in (id_token, userinfo) if paper.get("sub")}
    if len(subjects) != 1:
        return None
    paper = userinfo if userinfo.get("email") else id_token
    return Claims(
        uid=subjects.pop(),
        email=str(paper.get("email") or "").strip(),
        verified=paper.get("email_verified") in (True, "true"),
        name=str(userinfo.get("name") or id_token.get("name") or "").strip(),
    )
