"""Compiling the templates of `home-assistant-intents`. Pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hassil.expression import Sentence
from hassil.intents import IntentData, Intents, RangeSlotList, SlotList, TextSlotList, WildcardSlotList
from hassil.numbers import get_rbnf_engine
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_sentence

from wyoming_servers.turn.text import normalize, tokenize

from .automaton import Automaton, determinize
from .network import Network
from .templates import Templates, Tokens

_PLACES = {"en": "[<in> [<the>] {area}]", "ru": "[<in> {area}]"}
"""What people add to a command that the templates have with a place as well; in Chinese a place comes first."""


def compile_templates(language: str, source: bytes) -> Templates:
    """Return what a file of `home-assistant-intents` has. Takes about half a second."""
    intents = Intents.from_dict(json.loads(source))
    network = Network()
    starts = [_lay(network, sentence, data, intents) for data, sentence in _sentences(intents, _PLACES.get(language))]
    automaton = _without_leading(_wildcards(intents), determinize(network, starts))
    lists = {name: _entries(slot_list, intents, language) for name, slot_list in intents.slot_lists.items()}
    skipped = (parse_sentence(text) for text in intents.skip_words)
    return Templates(
        automaton,
        {name: entries for name, entries in lists.items() if entries},
        _wildcards(intents),
        tuple(_tokens_of(text for sentence in skipped for text in sample_sentence(sentence))),
    )


def _sentences(intents: Intents, place: str | None) -> Iterator[tuple[IntentData, Sentence]]:
    """Yield each template with its block: "is it open" as "is it open [in the hall]" where it is asked of rooms too."""
    for intent in intents.intents.values():
        combinations = {_slots(data) for data in intent.data}
        for data in intent.data:
            slots = _slots(data)
            tail = f" {place}" if place and "area" not in slots and slots | {"area"} in combinations else ""
            yield from ((data, parse_sentence(f"({text}){tail}")) for text in data.sentence_texts)


def _slots(data: IntentData) -> frozenset[str]:
    """Return the words that the slots of a block are named by."""
    return frozenset((data.metadata or {}).get("slot_combination", "").split("_"))


def _lay(network: Network, sentence: Sentence, data: IntentData, intents: Intents) -> int:
    domains = (data.requires_context or {}).get("domain", [])
    domains = [domains] if isinstance(domains, str) else domains
    name = f"name:{','.join(sorted(domains))}" if domains else "name"
    start = network.new_state()
    rules = intents.expansion_rules | data.expansion_rules
    network.add(sentence, start, rules, lambda slot: name if slot == "name" else slot)
    return start


def _without_leading(slots: Iterable[str], automaton: Automaton) -> Automaton:
    """Return the automaton without the sentences that any words may begin: with them nothing would be dead."""
    *others, start = automaton.states
    kept = {slot: target for slot, target in start.slots.items() if slot not in slots}
    return Automaton((*others, replace(start, slots=kept)))


def _wildcards(intents: Intents) -> tuple[str, ...]:
    return tuple(name for name, slot_list in intents.slot_lists.items() if isinstance(slot_list, WildcardSlotList))


def _entries(slot_list: SlotList, intents: Intents, language: str) -> tuple[Tokens, ...]:
    if isinstance(slot_list, RangeSlotList):
        return _tokens_of(_spelled(slot_list, language))
    if isinstance(slot_list, TextSlotList):
        sentences = (Sentence(expression=value.text_in) for value in slot_list.values)
        rules = intents.expansion_rules
        return _tokens_of(text for sentence in sentences for text in sample_sentence(sentence, {}, rules))
    return ()


def _spelled(numbers: RangeSlotList, language: str) -> Iterator[str]:
    """Yield each number in digits and in words of every case and gender."""
    engine = get_rbnf_engine(language)
    for number in range(numbers.start, numbers.stop + 1, numbers.step):
        yield str(number)
        yield from engine.format_number(number).text_by_ruleset.values()


def _tokens_of(texts: Iterable[str]) -> tuple[Tokens, ...]:
    return tuple(dict.fromkeys(tokens for text in texts if (tokens := tuple(tokenize(normalize(text))))))
