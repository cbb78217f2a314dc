"""Live state that several processes share: snapshots in Redis, and news of them on the channel layer's wire."""

from __future__ import annotations

import itertools
import json
import logging
import threading
import time
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from realtime.relay import EVERYTHING, group_of, news
from realtime.snapshot import RenderSnapshot

PREFIX = "rushes"
DELETIONS = f"{PREFIX}:deletions"
PATIENCE = 2.0
"""Seconds that a call waits for Redis at the most."""

LONGEST_PAUSE = 1.0
"""Seconds between two tries to reach Redis, at the most."""

PUT = """
local kept = redis.call('HGET', KEYS[1], 'revision')
if kept and tonumber(kept) >= tonumber(ARGV[2]) then
    return kept == ARGV[2]
end
redis.call('HSET', KEYS[1], 'revision', ARGV[2], 'snapshot', ARGV[3])
local order = redis.call('INCR', KEYS[2])
if ARGV[4] == 'active' then
    redis.call('ZREM', KEYS[4], ARGV[1])
    redis.call('ZADD', KEYS[3], 'NX', order, ARGV[1])
else
    redis.call('ZREM', KEYS[3], ARGV[1])
    redis.call('ZADD', KEYS[4], order, ARGV[1])
    while redis.call('ZCARD', KEYS[4]) > tonumber(ARGV[5]) do
        redis.call('DEL', ARGV[6] .. redis.call('ZPOPMIN', KEYS[4])[1])
    end
end
redis.call('PUBLISH', ARGV[7], ARGV[9])
redis.call('PUBLISH', ARGV[8], ARGV[9])
return true
"""
"""Keep and publish a snapshot unless one as new is kept: one script, because nothing may come in between."""

logger = logging.getLogger(__name__)


def channel_layer(url: str) -> dict[str, Any]:
    """What CHANNEL_LAYERS has to say, so that the layer hears what a RedisStore of the same `url` publishes."""
    return {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [url], "prefix": PREFIX, "serializer_format": "json"},
    }


class RedisStore:
    """A store that all processes share; what is put into one reaches the hubs of all.

    While Redis can't be reached, this process goes on with what it knows itself, and Redis is told the newest of
    each project as soon as it is back.
    """

    waits = True

    def __init__(self, url: str, keep: int = 1000) -> None:
        self.url = url
        # One more try, because a connection of the pool may be from before a restart.
        retry = Retry(NoBackoff(), 1)
        self._redis: Any = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=retry
        )
        self._keep = keep
        self._put = self._redis.register_script(PUT)
        self._lock = threading.Lock()
        # Guarded by the lock: what this process renders or has not yet sent; and what waits for Redis, None for gone.
        self._own: dict[str, RenderSnapshot] = {}
        self._unsent: dict[str, RenderSnapshot | None] = {}

    def at_hand(self, project_id: str) -> RenderSnapshot | None:
        """The newest snapshot of a project that this process renders itself."""
        with self._lock:
            return self._own.get(project_id)

    def get(self, project_id: str) -> RenderSnapshot | None:
        """The newest snapshot of a project, or None if none is kept."""
        with self._lock:
            own = self._own.get(project_id)
            if own is not None or project_id in self._unsent:
                return own
        try:
            kept = self._redis.hget(_key(project_id), "snapshot")
        except redis.RedisError as error:
            logger.warning("Redis can't be asked for the state of %s: %s", project_id, error)
            return None
        return _parsed(kept)

    def put(self, snapshot: RenderSnapshot) -> None:
        """Keep `snapshot`, unless one of the same or a higher revision is kept already."""
        project_id = snapshot.project_id
        with self._lock:
            own = self._own.get(project_id)
            if own is not None and own.revision >= snapshot.revision:
                return
            self._own[project_id] = snapshot
        self._tell(project_id, snapshot)

    def delete(self, project_id: str) -> None:
        """Keep nothing more of this project but that it was deleted."""
        with self._lock:
            self._own.pop(project_id, None)
        self._tell(project_id, None)

    def deletions(self, after: str | None) -> tuple[list[str], str | None]:
        """The projects deleted since the mark `after`, oldest first, and the mark behind them."""
        mark = after or "0"
        try:
            found = self._redis.xread({DELETIONS: mark})
        except redis.RedisError as error:
            logger.warning("Redis can't be asked what was deleted: %s", error)
            return [], mark
        deleted = []
        for entry, fields in found[0][1] if found else []:
            deleted.append(fields[b"project"].decode())
            mark = entry.decode()
        return deleted, mark

    def active(self) -> list[RenderSnapshot]:
        """The snapshots of all renders that have not ended, oldest render first."""
        found: dict[str, RenderSnapshot] = {}
        try:
            for name in self._redis.zrange(f"{PREFIX}:active", 0, -1):
                if snapshot := _parsed(self._redis.hget(_key(name.decode()), "snapshot")):
                    found[snapshot.project_id] = snapshot
        except redis.RedisError as error:
            logger.warning("Redis can't be asked which renders go on: %s", error)
        with self._lock:
            newest = {**found, **self._own}
        return [snapshot for snapshot in newest.values() if not snapshot.state.is_terminal]

    def close(self) -> None:
        """Let the connections go."""
        self._redis.close()

    # What Redis is told

    def _tell(self, project_id: str, snapshot: RenderSnapshot | None) -> None:
        with self._lock:
            if self._unsent:  # Redis is away: whoever waits for it takes this along
                self._unsent[project_id] = snapshot
                return
        try:
            self._send(project_id, snapshot)
        except redis.RedisError as error:
            logger.warning("Redis can't be told of %s, which is tried again until it can: %s", project_id, error)
            with self._lock:
                first = not self._unsent
                self._unsent.setdefault(project_id, snapshot)
            if first:
                threading.Thread(target=self._catch_up, name="redis-catch-up", daemon=True).start()

    def _send(self, project_id: str, snapshot: RenderSnapshot | None) -> None:
        group, everything = (f"{PREFIX}__group__{name}" for name in (group_of(project_id), EVERYTHING))
        message = json.dumps(news(project_id, snapshot))
        active, ended = f"{PREFIX}:active", f"{PREFIX}:ended"
        if snapshot is None:
            with self._redis.pipeline() as steps:
                steps.delete(_key(project_id)).zrem(active, project_id).zrem(ended, project_id)
                # The ids of a stream are times, so a mark is good beyond a restart of an empty Redis.
                steps.xadd(DELETIONS, {"project": project_id}, maxlen=self._keep, approximate=False)
                steps.publish(group, message).publish(everything, message)
                steps.execute()
            return
        kept = self._put(
            keys=[_key(project_id), f"{PREFIX}:order", active, ended],
            args=[
                project_id,
                snapshot.revision,
                json.dumps(snapshot.to_dict()),
                "ended" if snapshot.state.is_terminal else "active",
                self._keep,
                _key(""),
                group,
                everything,
                message,
            ],
        )
        if snapshot.state.is_terminal or not kept:  # over, or overtaken: Redis knows better from here on
            with self._lock:
                if self._own.get(project_id) is snapshot:
                    del self._own[project_id]

    def _catch_up(self) -> None:
        """Send what waits, until nothing does."""
        for attempt in itertools.count():
            time.sleep(min(0.05 * 2 ** min(attempt, 9), LONGEST_PAUSE))
            if self._send_unsent():
                logger.info("Redis is back and knows everything")
                return

    def _send_unsent(self) -> bool:
        """Send what waits once more, and return whether that was all; what can't be sent keeps nothing else back."""
        with self._lock:
            waiting = dict(self._unsent)
        for project_id, snapshot in waiting.items():
            try:
                self._send(project_id, snapshot)
            except redis.RedisError:
                return False
            except Exception:
                logger.exception("Redis can't be told of %s, which is tried again", project_id)
                continue
            with self._lock:
                if self._unsent[project_id] is snapshot:
                    del self._unsent[project_id]
                if not self._unsent:
                    return True
        return False


def _key(project_id: str) -> str:
    return f"{PREFIX}:snapshot:{project_id}"


def _parsed(kept: bytes | None) -> RenderSnapshot | None:
    return None if kept is None else RenderSnapshot.from_dict(json.loads(kept))
