"""Questions people ask their documents, lectures and films, as hassil templates over the vocabulary's lists."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = f"({'|'.join(_DAYS)})"
_WEEKDAYS = "(" + "|".join(f"{day}'s" for day in _DAYS) + ")"
_ONE_LECTURE = "(yesterday's lecture|today's lecture|[the|my] (last|latest) lecture)"

QUESTIONS = {
    "en": (
        "(what is|what's|what are) [the|my|our|a|an] {topic}",
        "(how do i|how do you|how do we|how can i|how to) {action}",
        "where (is|are) [the|my|our] {topic}",
        "when (is|are) [the|my|our] {topic}",
        "(tell me|what do you know) about [the|my|our] {topic}",
        "what (does the manual|do my documents|do the documents) say about [the|my|our] {topic}",
        f"what (was|is) {_ONE_LECTURE} about",
        f"what was the lecture (on {_WEEKDAY}|yesterday|today|last week) about",
        f"what was {_WEEKDAYS} lecture about",
        f"(summarize|tell me about) {_ONE_LECTURE}",
        "what was the (last|latest) {topic} lecture about",
        "who (directed|made|filmed) {title}",
        "who is the director of {title}",
        "who (stars|plays|acts) in {title}",
        "(when was|what year was) {title} (made|released|filmed)",
        "what is {title} about",
        "(tell me|what do you know) about [the (film|movie)] {title}",
    ),
}
