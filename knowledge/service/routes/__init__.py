"""One handler per address."""

from knowledge.service.routes import documents, events, films, lectures, mcp, page, questions, session, system

TABLES = (
    system.routes,
    questions.routes,
    documents.routes,
    films.routes,
    lectures.routes,
    events.routes,
    mcp.routes,
    session.routes,
    page.routes,
)

__all__ = ["TABLES"]
