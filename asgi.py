"""The composition root: what one server process is made of, and how the parts know each other."""

import asyncio
import atexit
import os
import threading
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
django.setup(set_prefix=False)

from channels.db import database_sync_to_async  # noqa: E402 - models exist from here on
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from realtime.daphne import before_daphne_stops  # noqa: E402
from realtime.hub import ProgressHub  # noqa: E402
from realtime.payload import Payload, encode  # noqa: E402
from realtime.routing import websocket_application  # noqa: E402
from realtime.store import MemoryStore, SnapshotStore  # noqa: E402
from realtime.task_manager import TaskManager  # noqa: E402
from server.http import Handler, http_application  # noqa: E402
from server.mount import mounted  # noqa: E402
from server.projects import events, lock, renders  # noqa: E402

SHUTDOWN_SECONDS = 10.0

lock.hold(settings.DATA_DIR)

store: SnapshotStore = MemoryStore()
if settings.REDIS_URL:
    from realtime.redis import RedisStore  # slow to import

    store = RedisStore(settings.REDIS_URL)
manager = TaskManager(
    store,
    renders.record,
    concurrency=settings.RENDER_CONCURRENCY,
    capacity=settings.RENDER_QUEUE_SIZE,
)
hub = ProgressHub(store, layer=get_channel_layer(), max_connections=settings.MAX_CONNECTIONS)
manager.add_listener(hub)
renders.use(manager)


async def lookup(project_id: str) -> Payload | None:
    """Return the state of one project: from memory at once, else from Redis or its row, in a thread."""
    snapshot = store.at_hand(project_id)
    return encode(snapshot) if snapshot else await database_sync_to_async(renders.status)(project_id)


events.use(hub, lookup)


async def active() -> list[Payload]:
    """Return the state of each project that is being rendered."""
    snapshots = await asyncio.to_thread(store.active) if store.waits else store.active()
    return [encode(snapshot) for snapshot in snapshots]


protocols = ProtocolTypeRouter(
    {
        "http": http_application(Handler(), at_hand=store.at_hand),
        "websocket": websocket_application(
            hub,
            lookup=lookup,
            active=active,
            origins=[*settings.ALLOWED_HOSTS, *settings.ALLOWED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS],
        ),
    }
)
application = mounted(protocols, settings.BASE_PATH)

# A thread of its own, because this may be imported where an event loop runs; waited for, so that
# nobody is shown a render as running before it is known whether it goes on.
recovery = threading.Thread(target=renders.recover, name="recovery", daemon=True)
recovery.start()
recovery.join()

# The renders' rows stay PROCESSING, which is what the next start looks for.
stop = partial(manager.shutdown, SHUTDOWN_SECONDS)
before_daphne_stops(stop)
atexit.register(stop)  # for other servers
