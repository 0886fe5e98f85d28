from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.checks import positive_data_acceptance

from knowledge.service import openapi
from knowledge.service.app import create_app
from knowledge.service.host import KnowledgeHost
from tests.knowledge.service.running import contract, house, served_in_thread

DESCRIPTION = openapi.document("0")
# The page is for people; streams and forms have tests of their own.
UNDESCRIBED = {("GET", "/"), ("GET", "/web/{version}/{name}")}
FOLLOWED_ELSEWHERE = {"/events", "/mcp", "/mcp/{token}", "/settings/self-test", "/sources/{path}"}
FUZZED = [
    (method, path)
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if path not in FOLLOWED_ELSEWHERE
]
# What is sent as a file is called "file", a name without an ending, which is rightly refused.
FILES_ARE_NAMED = {("post", "/documents"): [positive_data_acceptance]}
BOUNDED = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, probed: Path) -> Iterator[str]:
    with served_in_thread(house(tmp_path_factory.mktemp("fuzzed"), probed)) as address:
        yield address


@pytest.mark.parametrize(("method", "path"), FUZZED)
def test_whatever_is_sent_the_answer_is_as_described(url: str, method: str, path: str) -> None:
    cases = schemathesis.openapi.from_dict(DESCRIPTION)[path][method].as_strategy()

    @BOUNDED
    @given(case=cases)
    def answered(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=url, excluded_checks=FILES_ARE_NAMED.get((method, path), []))

    answered()


def test_every_route_is_described_and_nothing_else_is(tmp_path: Path, probed: Path) -> None:
    chosen = house(tmp_path, probed)
    app = create_app(chosen, KnowledgeHost(chosen))
    routes = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    described = {(method.upper(), path) for path, methods in DESCRIPTION["paths"].items() for method in methods}
    assert routes - UNDESCRIBED == described


@pytest.mark.parametrize(
    ("name", "schema_name"),
    [
        ("health", "Health"),
        ("search_request", "SearchRequest"),
        ("search_filtered_request", "SearchRequest"),
        ("search_response", "SearchResponse"),
        ("ask_request", "AskRequest"),
        ("ask_response", "Answer"),
        ("ask_not_found", "Answer"),
        ("rephrase_request", "AskRequest"),
        ("rephrase_response", "RephraseResponse"),
        ("documents", "Documents"),
        ("document", "Document"),
        ("add_document_request", "Note"),
        ("document_response", "Added"),
        ("upload_response", "Added"),
        ("remove_document_request", "Path"),
        ("reindex_request", "Path"),
        ("reindex_response", "Accepted"),
        ("collections", "Collections"),
        ("films", "Films"),
        ("lectures", "Lectures"),
        ("lecture", "WholeLecture"),
        ("lecture_response", "LectureNow"),
        ("lecture_transcript_request", "CorrectionRequest"),
        ("lecture_summary_request", "SummaryRequest"),
        ("vocabulary", "Vocabulary"),
        ("settings", "Settings"),
        ("error", "Error"),
    ],
)
def test_the_contract_is_as_described(name: str, schema_name: str) -> None:
    described = {"$ref": f"#/components/schemas/{schema_name}", "components": DESCRIPTION["components"]}
    Draft202012Validator(described).validate(contract(name))


def test_nothing_in_the_contract_is_left_undescribed() -> None:
    whole = (
        ("health", "Health"),
        ("search_response", "SearchResponse"),
        ("films", "Films"),
        ("lecture", "WholeLecture"),
    )
    for name, schema_name in whole:
        properties = DESCRIPTION["components"]["schemas"][schema_name]["properties"]
        assert contract(name).keys() == properties.keys()
