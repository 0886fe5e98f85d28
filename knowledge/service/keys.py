"""What the application carries."""

from aiohttp import web

from knowledge.service.access import Access
from knowledge.service.host import KnowledgeHost
from knowledge.service.metrics import Metrics
from knowledge.settings import ServiceSettings

ACCESS = web.AppKey("access", Access)
HOST = web.AppKey("host", KnowledgeHost)
METRICS = web.AppKey("metrics", Metrics)
SETTINGS = web.AppKey("settings", ServiceSettings)
