"""Start, cancel, follow, resume: where the engine, the live state and the database meet.

The row decides: a render begins when a conditional UPDATE takes a project to PROCESSING, and is over when
one takes it away from there. In between, the `TaskManager` that `asgi.py` handed to `use` knows best.
"""

import logging
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from media import probe
from media import timeline as media_timeline
from media.cache import ChunkCache
from media.encoder import QUALITIES, STANDARD, Quality, chosen
from media.estimate import Estimate, estimate
from media.exceptions import (
    AudioUnreadable,
    EncoderFailed,
    ImageUnreadable,
    MediaError,
    RenderCancelled,
)
from media.excerpt import excerpt
from media.paces import PaceBook
from media.progress import Progress
from media.render import render
from realtime import exceptions as realtime_exceptions
from realtime.payload import Payload, encode, encode_draft
from realtime.snapshot import Failure, RenderSnapshot, RenderState
from realtime.task_manager import Job, Task, TaskManager
from server.projects import exceptions, storage
from server.projects.models import RENDERABLE, Project, Segment, Status

MAX_ATTEMPTS = 3
"""How often a render is taken up again after the server died in it, before it is taken for the cause."""

FORGET_SECONDS = 10.0
"""How long a deletion waits for the encoder to be gone."""

logger = logging.getLogger(__name__)

_manager: TaskManager | None = None


def use(manager: TaskManager | None) -> None:
    """Let `manager` run the renders of this process; without one, the rows are all there is."""
    global _manager
    _manager = manager


def tasks() -> TaskManager:
    """Return the manager of this process."""
    if _manager is None:
        raise exceptions.ServerStopping("Renders run in the server; start it with `make serve`.")
    return _manager


@cache
def chunk_cache() -> ChunkCache:
    """Return the one store of finished chunks."""
    return ChunkCache(settings.CACHE_DIR, settings.CACHE_MAX_BYTES)


@cache
def pace_book() -> PaceBook:
    """Return what is remembered of how fast this machine renders."""
    return PaceBook(settings.DATA_DIR / "paces.json")


def start(project: Project, quality: str = STANDARD.name) -> RenderSnapshot:
    """Begin a render of the project as it is now, and return its first state.

    Raises `NoSegments`, `MissingAssets`, `AlreadyProcessing`, `QueueFull`, `EncoderMissing` or
    `ServerStopping`; `Http404` if the project was deleted meanwhile.
    """
    if not probe.encoder_available():
        raise exceptions.EncoderMissing
    manager = tasks()
    with transaction.atomic():  # whatever is missing gives the claim back
        claimed = Project.objects.select_for_update().filter(pk=project.pk).first()
        if claimed is None:
            raise Http404
        _claim(claimed, quality)
        timeline = timeline_of(claimed)
        _note_order(claimed, timeline)
    try:
        return _submit(manager, claimed, timeline, quality)
    except realtime_exceptions.RecordGone as error:
        raise Http404 from error
    except Exception:
        refused = Project.objects.filter(pk=claimed.pk, status=Status.PROCESSING)
        refused.update(status=claimed.status, quality=claimed.quality, render_order=claimed.render_order)
        raise


def estimated(project: Project, quality: str) -> Estimate:
    """Return what a render of the project would take; nothing is begun.

    Raises `NoSegments`, `MissingAssets` or `AssetUnreadable`.
    """
    timeline = timeline_of(project)
    try:
        storage.require(timeline)
        return estimate(timeline, quality=quality_of(quality), cache=chunk_cache(), book=pace_book())
    except (ImageUnreadable, AudioUnreadable) as error:
        raise _unreadable(error) from error


def excerpt_of(project: Project, segment: Segment) -> Path:
    """Return the MP4 of one segment as it stands in the present or last render, made of its finished parts.

    Raises `NotRendered` or `AssetUnreadable`.
    """
    timeline = _timeline(project, _complete_around(project, segment))
    index = [part.id for part in timeline.segments].index(str(segment.pk))
    try:
        found = excerpt(timeline, index, quality=quality_of(project.quality), cache=chunk_cache())
        if found is None:
            raise exceptions.NotRendered
        film = storage.excerpt_place(segment, found.key)
        if not film.exists():
            found.write(film, chunk_cache())
    except (ImageUnreadable, AudioUnreadable) as error:
        raise _unreadable(error) from error
    except EncoderFailed as error:  # a part has just left the cache
        raise exceptions.NotRendered from error
    if not Project.objects.filter(pk=project.pk).exists():  # deleted meanwhile, and its folder with it
        shutil.rmtree(project.folder, ignore_errors=True)
        raise Http404
    return film


def _unreadable(error: MediaError) -> exceptions.AssetUnreadable:
    return exceptions.AssetUnreadable(
        error.message, code=error.code, segment_id=error.segment_id, segment_index=error.segment_index
    )


def quality_of(name: str) -> Quality:
    """Return what a quality's name stands for, with the encoder that works on this machine."""
    return replace(QUALITIES[name], codec=chosen(settings.RENDER_ENCODER))


def cancel(project: Project) -> RenderSnapshot:
    """End the project's render; what is finished of it is kept for the next one. Raises `NotRunning`."""
    try:
        return tasks().cancel(str(project.pk))
    except realtime_exceptions.NotRunning as error:
        raise exceptions.NotRunning from error


def remove(project: Project) -> None:
    """Delete the project: its row, then its render, then its files; listeners hear of it in between."""
    folder, project_id = project.folder, str(project.pk)
    with transaction.atomic():
        # Before its segments go: whoever stores one holds this row, too.
        Project.objects.select_for_update().filter(pk=project.pk).first()
        project.delete()
    try:
        if _manager is not None:
            _manager.forget(project_id, timeout=FORGET_SECONDS)
    except realtime_exceptions.StillRunning as error:
        logger.warning("Project %s is deleted all the same: %s", project_id, error)
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)  # never made, or its encoder took a file away meanwhile
    except OSError:
        logger.exception("Not all files of project %s can be removed", project_id)
        shutil.rmtree(folder, ignore_errors=True)


def status(project_id: str) -> Payload | None:
    """Return the state of a project, None if there is no such one; one look-up in memory, else one row."""
    if snapshot := _live(project_id):
        return encode(snapshot)
    project = Project.objects.only("snapshot", "revision").filter(pk=project_id).first()
    return None if project is None else _recorded(project)


def status_of(project: Project) -> Payload:
    """Return the state of a project whose row is at hand."""
    snapshot = _live(str(project.pk))
    return encode(snapshot) if snapshot else _recorded(project)


def _live(project_id: str) -> RenderSnapshot | None:
    return None if _manager is None else _manager.status(project_id)


def _recorded(project: Project) -> Payload:
    if project.snapshot is None:
        return encode_draft(str(project.pk), project.revision)
    return encode(RenderSnapshot.from_dict(project.snapshot))


def timeline_of(project: Project) -> media_timeline.Timeline:
    """Return what the engine needs to know of the project. Raises `NoSegments` and `MissingAssets`."""
    segments = list(project.segments.all())
    if not segments:
        raise exceptions.NoSegments
    missing_images = [str(segment.pk) for segment in segments if not segment.image_file]
    missing_audio = [str(segment.pk) for segment in segments if segment.seconds is None]
    if missing_images or missing_audio:
        raise exceptions.MissingAssets(missing_images=missing_images, missing_audio=missing_audio)
    return _timeline(project, segments)


def _complete_around(project: Project, segment: Segment) -> list[Segment]:
    """Return the segments around one up to those that lack something, which no film has. Raises `NotRendered`."""
    for complete, neighbours in groupby(project.segments.all(), _is_complete):
        segments = list(neighbours)
        if complete and segment in segments:
            return segments
    raise exceptions.NotRendered


def _is_complete(segment: Segment) -> bool:
    return bool(segment.image_file) and segment.seconds is not None


def seconds_of(project: Project) -> float:
    """Return how long the film will be, as far as the lengths of its segments are known."""
    lasting = [segment for segment in project.segments.all() if segment.seconds]
    return _timeline(project, lasting).seconds if lasting else 0.0


def _timeline(project: Project, segments: list[Segment]) -> media_timeline.Timeline:
    return media_timeline.Timeline(
        width=project.resolution_width,
        height=project.resolution_height,
        framerate=project.framerate,
        segments=tuple(_segment(segment, project) for segment in segments),
        captions=media_timeline.CaptionStyle(
            position=media_timeline.Position(project.caption_position),
            size=project.caption_size,
            colour=project.caption_colour,
            backdrop=media_timeline.Backdrop(project.caption_backdrop),
            font=settings.CAPTION_FONT,
        ),
        music=storage.path_of(project.music_file) if project.music_file else None,
    )


def _segment(segment: Segment, project: Project) -> media_timeline.Segment:
    seconds = segment.transition_duration
    return media_timeline.Segment(
        id=str(segment.pk),
        image=storage.path_of(segment.image_file) if segment.image_file else Path(),
        seconds=segment.seconds or 0.0,
        audio=storage.path_of(segment.audio_file) if segment.audio_file else None,
        caption=segment.text_content,
        motion=media_timeline.Motion(segment.motion),
        fit=media_timeline.Fit(segment.fit),
        transition=media_timeline.Transition(
            media_timeline.TransitionKind(segment.transition or project.transition),
            project.transition_duration if seconds is None else seconds,
        ),
    )


def _claim(project: Project, quality: str) -> None:
    """Take the project to PROCESSING at that quality; of two who try at once, one does."""
    claimed = Project.objects.filter(pk=project.pk, status__in=RENDERABLE)
    if not claimed.update(status=Status.PROCESSING, attempts=0, quality=quality):
        raise exceptions.AlreadyProcessing


def _note_order(project: Project, timeline: media_timeline.Timeline) -> None:
    """Keep which segment each of the render's percentages is of, however they are moved and deleted meanwhile."""
    Project.objects.filter(pk=project.pk).update(render_order=[segment.id for segment in timeline.segments])


def _submit(manager: TaskManager, project: Project, timeline: media_timeline.Timeline, quality: str) -> RenderSnapshot:
    try:
        return manager.submit(
            str(project.pk),
            _job(project, timeline, quality_of(quality)),
            total_segments=len(timeline.segments),
            total_frames=timeline.total_frames,
            previous_revision=project.revision,
        )
    except realtime_exceptions.QueueFull as error:
        raise exceptions.QueueFull from error
    except realtime_exceptions.AlreadyRunning as error:
        raise exceptions.AlreadyProcessing from error
    except realtime_exceptions.ShuttingDown as error:
        raise exceptions.ServerStopping from error


def _job(project: Project, timeline: media_timeline.Timeline, quality: Quality) -> Job:
    """Return what the task manager runs: the engine, told and asked in the task's words."""
    output, preview = project.output, project.preview

    def job(task: Task) -> Mapping[str, object]:
        try:
            rendered = render(
                timeline,
                output,
                cache=chunk_cache(),
                workers=settings.RENDER_WORKERS,
                preview=preview,
                companions=True,
                quality=quality,
                on_progress=_reporter(task),
                cancelled=task.cancelled,
                before_replace=task.commit,
                paces=pace_book(),
                stall_timeout=settings.RENDER_STALL_TIMEOUT,
            )
        except RenderCancelled as error:
            raise realtime_exceptions.Cancelled from error
        except MediaError as error:
            raise realtime_exceptions.JobFailed(failure(error)) from error
        return {
            "output_url": storage.url_of(output),
            "poster_url": storage.versioned_url(project.poster),
            "output_seconds": rendered.seconds,
            "output_bytes": rendered.bytes,
        }

    return job


def _reporter(task: Task) -> Callable[[Progress], None]:
    """Return what turns the engine's progress into the task's."""
    first_version = time.time_ns() // 1_000_000
    preview_url = f"{settings.MEDIA_URL}projects/{task.project_id}/preview.jpg?v="

    def report(progress: Progress) -> None:
        if progress.overall >= 1.0:
            return  # the completed snapshot says so, once the row does
        task.update(
            state=RenderState.FINISHING if progress.finishing else RenderState.RUNNING,
            current_segment=progress.finished_segments,
            current_phase=progress.phase,
            overall_progress=progress.overall,
            rendered_frames=progress.rendered_frames,
            frames_per_second=progress.frames_per_second,
            eta_seconds=progress.eta_seconds,
            segments=progress.segments,
            cached_segments=progress.cached_segments,
            cached_indices=progress.cached_indices,
            stalled=progress.stalled,
            preview_url=f"{preview_url}{first_version + progress.previews}" if progress.previews else None,
        )

    return report


def failure(error: MediaError) -> Failure:
    """Return the engine's error as it is shown to people."""
    return Failure(
        code=error.code,
        message=error.message,
        segment_id=error.segment_id,
        segment_index=error.segment_index,
        retryable=error.retryable,
    )


def record(snapshot: RenderSnapshot) -> None:
    """Write a render's state into its row. Raises `RecordGone` if there is no row that is being rendered."""
    changes: dict[str, Any] = {
        "status": Status(snapshot.status),
        "revision": snapshot.revision,
        "snapshot": snapshot.to_dict(),
    }
    if snapshot.state is RenderState.COMPLETED:
        changes["output_path"] = f"projects/{snapshot.project_id}/output/final.mp4"
    if snapshot.state is RenderState.COMPLETED or snapshot.current_segment > snapshot.cached_segments:
        changes["attempts"] = 0  # there was progress since the last start: it isn't what takes the server down
    close_old_connections()
    try:
        rows = Project.objects.filter(pk=snapshot.project_id)
        if not rows.filter(status=Status.PROCESSING, revision__lt=snapshot.revision).update(**changes):
            if not rows.filter(revision__gte=snapshot.revision).exists():
                raise realtime_exceptions.RecordGone(snapshot.project_id)
        elif snapshot.state.is_terminal:
            storage.sweep(snapshot.project_id)
    finally:
        _let_go()


def recover() -> None:
    """Take up each render that a dead server left behind, oldest first, or say in its row why not.

    Only for the one server that holds the data folder: a render that lives elsewhere looks just the same.
    """
    close_old_connections()
    try:
        for project in sorted(Project.objects.filter(status=Status.PROCESSING), key=_begun):
            _resume_or_interrupt(project)
    finally:
        _let_go()


def _let_go() -> None:
    """Close this thread's connection: the thread is a task's, so nobody else does."""
    if not connection.in_atomic_block:
        connection.close()


def _resume_or_interrupt(project: Project) -> None:
    """Take one up; whatever is wrong with it, the others have their turn."""
    try:
        try:
            _resume(project)
        except realtime_exceptions.RecordGone:
            logger.info("The project %s was deleted before its render was taken up again", project.pk)
        except (exceptions.Refusal, MediaError) as error:
            logger.warning("The render of %s can't be taken up again: %s", project.pk, error)
            _interrupt(project, error)
        except Exception:
            logger.exception("The render of %s can't be taken up again", project.pk)
            _interrupt(project, exceptions.Refusal("It can't be taken up again; the server's log says why."))
    except Exception:
        logger.exception("The row of %s can't be written; it says PROCESSING until the next start", project.pk)


def _begun(project: Project) -> datetime:
    snapshot = _unfinished(project)
    return snapshot.created_at if snapshot else timezone.now()


def _unfinished(project: Project) -> RenderSnapshot | None:
    """Return the recorded state of the present render; a finished one is left from the render before."""
    if project.snapshot is None:
        return None
    try:
        snapshot = RenderSnapshot.from_dict(project.snapshot)
        if not timezone.is_aware(snapshot.created_at):
            raise ValueError("created_at names no time zone")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        logger.warning("The recorded state of %s can't be read: %r", project.pk, error)
        return None
    return None if snapshot.state.is_terminal else snapshot


def _resume(project: Project) -> None:
    if project.attempts >= MAX_ATTEMPTS:
        raise exceptions.Refusal(
            f"The server stopped {MAX_ATTEMPTS + 1} times in this render, so it isn't tried again by itself."
        )
    last = _unfinished(project)
    if last is not None and last.state is not RenderState.QUEUED:  # one that only waited took nobody down
        Project.objects.filter(pk=project.pk).update(attempts=F("attempts") + 1)
    timeline = timeline_of(project)
    storage.require(timeline)
    _note_order(project, timeline)
    _submit(tasks(), project, timeline, project.quality)
    logger.info("The render of %s goes on after a restart of the server", project.pk)


def _interrupt(project: Project, why: exceptions.Refusal | MediaError) -> None:
    """Write that a render ended with the server, and how far it had come."""
    reason = why.message
    interrupted = Failure(
        code="interrupted",
        message=f"The server stopped during this render. {reason}",
        segment_id=getattr(why, "segment_id", None),
        segment_index=getattr(why, "segment_index", None),
    )
    last = _unfinished(project) or RenderSnapshot.queued(
        str(project.pk),
        total_segments=project.segments.count(),
        total_frames=0,
        previous_revision=project.revision,
    )
    ended = last.evolve(state=RenderState.FAILED, error=interrupted)
    record(ended)
    tasks().publish_ended(ended)
