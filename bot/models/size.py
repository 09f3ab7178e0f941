"""How large a model is: by its name, or by what its server tells. Small ones are given a shorter prompt."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

    import httpx2

# As in llama3.2:1b, Qwen2.5-1.5B-Instruct, gemma-3n-e4b, mixtral-8x7b and smollm2-360m.
_SIZE = re.compile(r"(?:^|[-_:/ ])(?:(\d+)x)?e?(\d+(?:\.\d+)?)([bm])(?=$|[-_.:/ ])", re.IGNORECASE)
_UNITS = {"b": 1.0, "m": 0.001}


def billions_in(name: str) -> float | None:
    """How many billions of parameters a name tells, the most where it tells several; None where it tells none.

    >>> billions_in("qwen2.5-coder-1.5b-instruct"), billions_in("mixtral:8x7b"), billions_in("gpt-4.1-mini")
    (1.5, 56.0, None)
    """
    found = _SIZE.findall(name)
    # A mixture of experts tells of all its parameters and of those that are active, as in qwen3-30b-a3b.
    # 8x7b counts as 56, which is more than such a model really has; what matters is that it is not small.
    return max((float(times or 1) * float(size) * _UNITS[unit.lower()] for times, size, unit in found), default=None)


def fetch_billions(
    model: str, *, address: str, key: str, timeout: float, verify: "ssl.SSLContext | bool" = True
) -> float | None:
    """How many billions of parameters a server of OpenAI's protocol says that a model has; None where it does not say.

    llama.cpp tells it in its list of models, Ollama in an interface of its own. Whatever goes wrong means that it is not known:
    an answer must not fail for it.
    """
    import httpx2

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with suppress(httpx2.HTTPError, ValueError), httpx2.Client(headers=headers, timeout=timeout, verify=verify) as client:
        return next((size for size in _sizes_told(client, address.rstrip("/"), model) if size is not None), None)
    return None


def _sizes_told(client: "httpx2.Client", address: str, model: str) -> Iterator[float | None]:
    """What each interface tells, in turn; raises httpx2.HTTPError, ValueError for what is no JSON."""
    listed = _mapping(client.get(f"{address}/models").json()).get("data")
    entries = [_mapping(entry) for entry in listed] if isinstance(listed, list) else []
    entry = next((one for one in entries if one.get("id") == model), {})
    yield _parameters(_mapping(entry.get("meta")).get("n_params"))
    # By this word in its list a server is known as Ollama; another one is not asked for what it does not have.
    if entry.get("owned_by") == "library":
        shown = _mapping(client.post(f"{address.removesuffix('/v1')}/api/show", json={"model": model}).json())
        yield _parameters(_mapping(shown.get("model_info")).get("general.parameter_count"))
        yield billions_in(str(_mapping(shown.get("details")).get("parameter_size", "")))


def _parameters(count: object) -> float | None:
    return count / 1e9 if isinstance(count, int) and count > 0 else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
