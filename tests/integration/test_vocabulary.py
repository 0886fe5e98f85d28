"""The words of the house, put in order."""

from custom_components.voice_rag.models import KnowledgeVocabulary
from custom_components.voice_rag.vocabulary import House, SpokenName, build_vocabulary


def test_names_are_tidied_and_said_once_per_domain() -> None:
    house = House(
        names=(
            SpokenName("  Kitchen   light ", "light"),
            SpokenName("kitchen light", "light"),
            SpokenName("Kitchen light", "switch"),
            SpokenName(" ", "light"),
        ),
        areas=("Kitchen", "kitchen", ""),
        floors=(),
    )
    vocabulary = build_vocabulary(house, None)
    assert vocabulary.names == (SpokenName("Kitchen light", "light"), SpokenName("Kitchen light", "switch"))
    assert vocabulary.areas == ("Kitchen",)


def test_the_order_does_not_depend_on_the_registries() -> None:
    names = (SpokenName("b", "light"), SpokenName("a", "light"), SpokenName("Я", "light"))
    one = build_vocabulary(House(names, ("y", "x"), ("2", "1")), None)
    other = build_vocabulary(House(names[::-1], ("x", "y"), ("1", "2")), None)
    assert one == other


def test_what_the_documents_are_about_is_added() -> None:
    known = KnowledgeVocabulary("1", topics=("Boiler",), titles=("Солярис", "Solaris"))
    vocabulary = build_vocabulary(House((), (), ()), known)
    assert vocabulary.topics == ("Boiler",)
    assert vocabulary.titles == ("Solaris", "Солярис")
