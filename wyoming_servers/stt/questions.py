"""Questions people ask their documents and films, as hassil templates over the vocabulary's lists."""

QUESTIONS = {
    "en": (
        "(what is|what's|what are) [the|my|our] {topic}",
        "(how do i|how do you|how do we|how can i|how to) {action}",
        "where (is|are) [the|my|our] {topic}",
        "when (is|are) [the|my|our] {topic}",
        "(tell me|what do you know) about [the|my|our] {topic}",
        "what (does the manual|do my documents|do the documents) say about [the|my|our] {topic}",
        "who (directed|made|filmed) {title}",
        "who is the director of {title}",
        "who (stars|plays|acts) in {title}",
        "(when was|what year was) {title} (made|released|filmed)",
        "what is {title} about",
        "(tell me|what do you know) about [the (film|movie)] {title}",
    ),
}
