"""One handler per address."""

from knowledge.service.routes import documents, events, films, mcp, page, questions, session, system

TABLES = (
    system.routes,
    questions.routes,
    documents.routes,
    films.routes,
    events.routes,
    mcp.routes,
    session.routes,
    page.routes,
)

__all__ = ["TABLES"]
