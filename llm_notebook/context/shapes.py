"""Secrets that are known by their shape alone, and what tells a secret from a word."""

from __future__ import annotations

import re

PEM = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    # Up to its end; where that was cut off, as far as it looks like a key.
    r"(?:[^-]{0,20000}-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"|[A-Za-z0-9+/=\\\s\"']{40,20000})"
)
_START = r"(?<![A-Za-z0-9_-])"
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
KEYS = re.compile(
    rf"{_START}(?:"
    # Hugging Face's have letters only.
    r"(?:hf|api_org)_[A-Za-z]{34}(?![A-Za-z0-9_])"
    r"|[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,200}|whsec_[A-Za-z0-9+/=]{20,100}"
    r"|(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Za-z0-9])|ABSK[A-Za-z0-9+/]{100,300}={0,2}"
    r"|AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,60}"
    r"|SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}"
    r"|dapi[0-9a-f]{32}(?:-\d{1,2})?|SK[0-9a-f]{32}|(?:pub)?key-[0-9a-f]{32}"
    r"|[0-9a-f]{32}-us\d{1,2}(?!\w)|do[opr]_v1_[0-9a-f]{64}"
    r"|sk\.eyJ[A-Za-z0-9_-]{20,200}\.[A-Za-z0-9_-]{10,60}|hv[sbr]\.[A-Za-z0-9_-]{24,300}"
    r"|pat[A-Za-z0-9]{14}\.[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|ATATT3[A-Za-z0-9_=-]{60,300}"
    r"|lin_api_[A-Za-z0-9]{32,60}|ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43}(?![A-Za-z0-9_])"
    r"|AGE-SECRET-KEY-1[A-Z0-9]{58}"
    rf"|HRKU-AA[A-Za-z0-9_-]{{40,70}}|pat-(?:na|eu)\d-{_UUID}|PMAK-[0-9a-f]{{24}}-[0-9a-f]{{34}}"
    r"|NR(?:AK|AA|JS|II|RA|SP)-[A-Za-z0-9_-]{19,60}|v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"
    r"|[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])"
    r"|sq0(?:csp|atp|idp)-[A-Za-z0-9_-]{20,60}|gl(?:sa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|c_[A-Za-z0-9+/]{32,400}={0,2})"
    r"|[a-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}|pul-[0-9a-f]{40}|sntry(?:u_[0-9a-f]{64}|s_eyJ[A-Za-z0-9+/=_-]{40,500})"
    r"|dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}|dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}"
    r"|pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}|rubygems_[0-9a-f]{48}|shippo_(?:live|test)_[0-9a-f]{40}"
    r"|rdme_[a-z0-9]{70}|pnu_[a-zA-Z0-9]{36}|p8e-[a-z0-9]{32}|CLOJARS_[a-z0-9]{60}|ops_eyJ[A-Za-z0-9+/_-]{100,1000}={0,3}"
    r"|sha256~[A-Za-z0-9_-]{43}|dckr_[po]at_[A-Za-z0-9_-]{27,40}|sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,60}"
    r"|pcsk_[A-Za-z0-9_]{50,90}|figd_[A-Za-z0-9_-]{40,60}|sk_[0-9a-f]{48}|CCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}"
    r"|bkua_[0-9a-f]{40}|CFPAT-[A-Za-z0-9_-]{43}|FLWSECK(?:_TEST)?-[0-9a-zA-Z]{32}-X|duffel_(?:live|test)_[A-Za-z0-9_=-]{43}"
    r"|(?:sdk|api|mob)-"
    rf"{_UUID}"
    r")"
)
TOKENS = re.compile(
    rf"{_START}(?:"
    r"gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}"
    r"|gl(?:pat|dt|rt|ptt|ft|imt|soat|agent|oas|cbt|ffct|rtr)-[A-Za-z0-9_.-]{20,100}|GR1348941[A-Za-z0-9_-]{20}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,255}|xoxe\.xox[bp]-\d-[A-Za-z0-9]{100,255}|xapp-\d-[A-Za-z0-9-]{10,255}"
    r"|ya29\.[A-Za-z0-9_-]{20,400}|1//0[A-Za-z0-9_-]{40,200}|npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,400}"
    r"|eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}"
    r"|eyJrIjoi[A-Za-z0-9]{60,400}={0,3}|f(?:o1_[A-Za-z0-9_-]{43}|m[12][ar]?_[A-Za-z0-9+/]{90,1000}={0,3})"
    r"|\d{8,10}:AA[A-Za-z0-9_-]{33}"
    r"|https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{20,100}"
    r"|https://(?:\w{1,10}\.)?discord(?:app)?\.com/api/webhooks/\d{15,22}/[A-Za-z0-9_-]{40,100}"
    r")"
)
# These also start ordinary words, so what follows must look random.
PREFIXED = re.compile(
    rf"{_START}(?:sk-[A-Za-z0-9_-]{{20,300}}"
    r"|(?:hf|gsk|r8|xai|pplx|nvapi|tgp|fw|lsv2|tvly|phc|csk|tfp|ico)[_-][A-Za-z0-9_-]{28,200}"
    r"|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}"
    r"|sl\.(?:u\.)?[A-Za-z0-9_=-]{130,1500}|tk-us-[A-Za-z0-9_-]{48}"
    # Not within base64, in which any letters come up.
    r"|(?<![/+])(?:EAA[A-Za-z0-9]{60,400}|EAAA[A-Za-z0-9_-]{60}|LTAI[A-Za-z0-9]{20}|AKCp[A-Za-z0-9]{69}"
    r"|EZ[AT]K[A-Za-z0-9]{54})(?![A-Za-z0-9/+]))"
)

_PLACEHOLDER = re.compile(
    r"(?i).*(?:(?<![a-z])(?:your|example|placeholder|dummy|redacted|removed|default)"
    r"|(?<![a-z])(?:insert|replace|change|enter|paste)"
    r"(?:[^a-z]|(?:me|it|this|your|my|the|here|with|api|key|token|pass|pw|secret)|$)"
    r"|xxxx|\.\.\.|…|\*{3}|<[^>]*>).*"
    r"|(?:none|null|true|false|test|todo|tbd|password|secret|token)"
)
_REFERENCE = re.compile(r"[$%]\w+%?|\$[({].*|%\(.*|%[sdr].*|`.*|\{.*", re.DOTALL)


def is_harmless(value: str) -> bool:
    """A placeholder, a template field or a reference, so no secret."""
    value = value.strip()
    if not value or _REFERENCE.fullmatch(value) or re.search(r"\{[^{}]*\}", value):
        return True
    return len(set(value)) < 3 or bool(_PLACEHOLDER.fullmatch(value))


def is_random(value: str, length: int) -> bool:
    """Whether it looks like a generated key: long, with digits among letters, not words."""
    if len(value) < length or is_harmless(value) or re.search(r"[\s,]", value):
        return False
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if digits < 2 or letters < 4 or len(set(value)) < 8:
        return False
    # "bert-base-uncased-2" and "sk-container-id-12" are words with a number.
    runs = re.findall(r"[A-Za-z0-9]+", value)
    mixed = [run for run in runs if re.search(r"\d[A-Za-z]|[A-Za-z]\d", run)]
    return sum(map(len, mixed)) >= 10
