"""What hassfest, HACS and the quality scale ask for, as far as it can be checked here."""

import json
import re
from itertools import chain
from pathlib import Path
from typing import Any

import homeassistant
import pytest
from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "custom_components" / "voice_rag"
CORE = Path(homeassistant.__file__).parent / "components"
DOCUMENTATION_RULES = (
    "high-level-description", "installation-instructions", "removal-instructions", "installation-parameters",
    "configuration-parameters", "actions", "data-update", "examples", "known-limitations", "supported-functions",
    "troubleshooting", "use-cases",
)  # fmt: skip


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def read_sources() -> str:
    return "".join(path.read_text("utf-8") for path in FOLDER.rglob("*.py"))


def test_every_rule_of_the_quality_scale_is_done_or_exempt_with_a_reason() -> None:
    rules = load_yaml_dict(str(FOLDER / "quality_scale.yaml"))["rules"]
    platinum = load_yaml_dict(str(CORE / "wled" / "quality_scale.yaml"))["rules"]
    assert list(rules) == list(platinum)
    for rule in rules.values():
        assert rule == "done" or rule["status"] in ("done", "exempt")
        assert rule == "done" or rule["comment"].strip()


@pytest.mark.parametrize("guide", ["integration.md", "integration.ru.md"])
def test_the_guides_cover_what_the_scale_wants_documented(guide: str) -> None:
    text = (ROOT / "docs" / guide).read_text("utf-8")
    assert [rule for rule in DOCUMENTATION_RULES if f"<!-- {rule} -->" not in text] == []


def test_the_guides_name_every_action() -> None:
    actions = load_yaml_dict(str(FOLDER / "services.yaml"))
    for guide in ("integration.md", "integration.ru.md"):
        text = (ROOT / "docs" / guide).read_text("utf-8")
        assert [action for action in actions if f"`voice_rag.{action}`" not in text] == []


def test_the_manifest_is_in_order() -> None:
    manifest = read("manifest.json")
    assert list(manifest) == ["domain", "name", *sorted(key for key in manifest if key not in ("domain", "name"))]
    assert manifest["domain"] == FOLDER.name
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert manifest["integration_type"] == "service"
    assert manifest["after_dependencies"] == sorted(manifest["after_dependencies"])
    known = {path.name for path in CORE.iterdir()}
    assert known.issuperset({*manifest["dependencies"], *manifest["after_dependencies"]})


def test_hacs_finds_what_it_shows() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text("utf-8"))
    assert hacs["name"] == read("manifest.json")["name"]
    assert [path.name for path in (ROOT / "custom_components").iterdir() if path.is_dir()] == ["voice_rag"]


@pytest.mark.parametrize(("name", "side"), [("icon.png", 256), ("icon@2x.png", 512)])
def test_the_icon_has_the_size_that_is_asked_for(name: str, side: int) -> None:
    header = (FOLDER / "brand" / name).read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(header[at : at + 4]) for at in (16, 20)] == [side, side]


def test_actions_and_their_fields_have_texts_and_no_text_is_left_over() -> None:
    actions, texts = load_yaml_dict(str(FOLDER / "services.yaml")), read("strings.json")["services"]
    assert {name: set(action["fields"]) for name, action in actions.items()} == {
        name: set(text["fields"]) for name, text in texts.items()
    }


def test_errors_and_repairs_have_texts_and_no_text_is_left_over() -> None:
    strings, code = read("strings.json"), read_sources()
    devices, entities = set(strings["device"]), set(chain.from_iterable(strings["entity"].values()))
    known = {*strings["exceptions"], *strings["issues"]}
    assert set(re.findall(r'translation_key="(\w+)"', code)) <= known | devices | entities
    assert [key for key in known if f'"{key}"' not in code] == []


def test_every_step_of_a_dialogue_has_a_text() -> None:
    strings = read("strings.json")
    flow = (FOLDER / "config_flow.py").read_text("utf-8")
    steps = set(re.findall(r'step_id="(\w+)"|_show_services\("(\w+)"', flow))
    assert {first or second for first, second in steps} == set(strings["config"]["step"])
    reasons = set(re.findall(r'": "(\w+)"}|: "(invalid_url)"', (FOLDER / "flows" / "checks.py").read_text("utf-8")))
    assert {*chain.from_iterable(reasons)} - {""} <= set(strings["config"]["error"])
