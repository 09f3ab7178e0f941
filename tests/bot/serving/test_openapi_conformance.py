"""`schemathesis` asks what the OpenAPI document describes, right and wrong, and holds the answers against it."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

_CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
_OPERATIONS = [
    ("POST", "/v1/ask"),
    ("POST", "/v1/search"),
    ("POST", "/v1/check"),
    ("POST", "/v1/verify"),
    ("GET", "/v1/articles"),
    ("GET", "/v1/articles/{id}"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
]


@pytest.fixture(scope="module")
def described(address: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{address}/openapi.json")


def test_every_operation_is_tried(described: BaseSchema) -> None:
    found = [(one.ok().method.upper(), one.ok().path) for one in described.get_all_operations()]
    assert sorted(found) == sorted(_OPERATIONS)


# Only a body can be wrong in ways that a server may tell: any text is an id.
_TRIED = [(*one, mode) for one in _OPERATIONS for mode in GenerationMode if mode.is_positive or one[0] == "POST"]


@pytest.mark.parametrize(("method", "path", "mode"), _TRIED)
def test_responses_are_as_described(described: BaseSchema, method: str, path: str, mode: GenerationMode) -> None:
    cases = described[path][method].as_strategy(generation_mode=mode)

    # Its own pytest plugin does not run with this pytest; a few examples of each kind are what there is time for.
    @settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(cases)
    def asked(case: Case) -> None:
        case.call_and_validate(checks=_CHECKS)

    asked()
