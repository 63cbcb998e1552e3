"""Trains one model, a slice of time at a time, and keeps its folder. Knows nothing of threads or Qt."""

import math
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import torch

from gen_studio.core import atomic
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.events import Advanced, Alarmed, Ended, Event, Marked, MarkKind, Reason, Saved, Warned
from gen_studio.core.plan import Device, RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.core.words import count, short_name
from gen_studio.data.dataset import Dataset
from gen_studio.training import checkpoint, device, state_tree
from gen_studio.training.diagnostics import Diagnostics
from gen_studio.training.learner import Learner
from gen_studio.training.previews import Previewer
from gen_studio.training.recorder import Recorder, Speedometer
from gen_studio.training.tensorboard import TensorBoard
from gen_studio.training.update import NotFinite

SNAPSHOT_SECONDS = 2.0
SNAPSHOT_SHARE = 0.005
VALIDATION_PICTURES = 1024
VALIDATION_BATCH = 128
STOPPED_SENTENCE = "Stopped at step {step:,}. Resume it at any time; nothing is lost."
NOT_FINITE_SENTENCE = (
    "The loss became NaN or infinite after step {step:,}. Training stopped there, at the last good step, and saved it. "
    "Lower the learning rates or clip the gradients, then resume."
)
ALARM_SENTENCE = (
    "Stopped at step {step:,} and saved, because the settings ask for it at this alarm. {title} Since step {since:,}: "
    "{seen} {tries}Resume it to see whether it recovers: it stops again only when the alarm is raised anew."
)
FINISHED_SENTENCE = "Finished: {steps}."


class TrainingSession:
    """One run under way. `advance` takes steps and returns what there is to tell; the rest is for between its calls.

    A new run starts at step 0; a folder with checkpoints is resumed from the one named, or the newest. Raises WrongUse
    or UserError; the folder is then as it was. Close it, or use it in a `with` block, so that the run is unlocked.
    """

    def __init__(self, plan: RunPlan, dataset: Dataset, folder: RunFolder, from_step: int | None = None) -> None:
        self.plan = plan
        self.folder = folder
        self.learner = Learner(plan, dataset.train)
        self.ended: Ended | None = None
        self._device = plan.device
        self._held_out = dataset.validation if len(dataset.validation) else dataset.train
        with ExitStack() as stack:
            stack.enter_context(folder.locked())
            atomic.sweep(folder.path)
            atomic.sweep(folder.checkpoints)
            self._recorder = Recorder()
            self._to_tell: list[Event] = []
            self._seconds = folder.status().seconds
            self._resume(from_step)
            self._board = stack.enter_context(TensorBoard(folder.tensorboard, self.learner.step))
            self._previewer = Previewer(self.learner, self._held_out, folder)
            self._diagnostics = Diagnostics(self.learner)
            self._memory = state_tree.clone(self.learner.state())
            self._remember()
            self._open = stack.pop_all()
        self._speed = Speedometer()
        self._saved_at = time.perf_counter()
        self._saved_step = self.learner.step if folder.checkpoint_steps() else None

    def __enter__(self) -> "TrainingSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the run. What was not saved is lost: save or stop first."""
        self._open.close()

    @property
    def step(self) -> int:
        return self.learner.step

    @property
    def watched(self) -> bool:
        """Whether somebody looks: then pictures come every second instead of a hundred times per run."""
        return self._previewer.watched

    @watched.setter
    def watched(self, value: bool) -> None:
        self._previewer.watched = value

    def advance(self, seconds: float) -> list[Event]:
        """Takes whole steps for about so long. Returns the report and whatever else happened; Ended comes last.

        An exception that is nobody's mistake passes through; call `fail` with it.
        """
        if self.ended:
            return []
        events, self._to_tell = self._to_tell, []
        began = time.perf_counter()
        trouble = self._attempt(lambda: self._take_steps(seconds, events))
        self._seconds += time.perf_counter() - began
        if trouble:
            return events + self._break_off(trouble, self.step)
        events += self._report()
        events += self._alarms(events)
        events += self._keep_safe()
        if self.step >= self.plan.steps:
            return events + self.finish()
        return events + self._end_at_alarm(events)

    def step_player(self, player: str) -> list[Event]:
        """One step of one player while the others stand still; marked on the curves. Raises WrongUse."""
        if self.ended:
            return []
        self.learner.require_player(player)
        self._remember()
        before = self.step
        trouble = self._attempt(lambda: self._take_only_step_of(player))
        if trouble:
            return self._break_off(trouble, before)
        mark = self._mark(f"{short_name(player)} stepped", f"One step of the {player} alone.")
        self._remember()
        return [*self._report(), mark, *self._previewer.draw(keep=False)]

    def set_rate(self, player: str, rate: float) -> list[Event]:
        """Changes a learning rate from the next step on; marked on the curves. Raises WrongUse."""
        before = self.learner.updates[player].rate if player in self.learner.updates else math.nan
        self.learner.set_rate(player, rate)
        self._remember()
        self._saved_step = None  # a checkpoint at this step has the old rate
        if len(self.learner.players) == 1:
            return [self._mark(f"Rate {rate:g}", f"The learning rate, {before:g} before.")]
        return [self._mark(f"{short_name(player)} rate {rate:g}", f"The {player}'s learning rate, {before:g} before.")]

    def save(self) -> list[Event]:
        """Writes a checkpoint now. Raises UserError where the disk does not take it; training may go on."""
        score = self._score()
        status = self.folder.status()
        best = status.best_step if status.best_step in self.folder.checkpoint_steps() else None
        is_best = score is not None and (best is None or status.score is None or score < status.score)
        card = checkpoint.make_card(self.learner.model, self.step, score)
        path = checkpoint.write(self.folder, card, self.learner.shown_state(), self.learner.state())
        changes: dict[str, Any] = {"step": self.step, "reason": None, "sentence": "", "seconds": self._seconds}
        if is_best:
            changes |= {"score": score, "best_step": self.step}
            best = self.step
        self.folder.write_status(status.model_copy(update=changes))
        checkpoint.prune(self.folder, self.plan.keep_checkpoints, best)
        self._saved_at, self._saved_step = time.perf_counter(), self.step
        return [Saved(self.step, path, score, is_best)]

    def pause(self) -> None:
        """Says that no step will come for a while, so that the speed does not count the pause."""
        self._speed.restart()

    def stop(self) -> list[Event]:
        """Ends the run so that it can be resumed: saves and says so."""
        return self._end(Reason.STOPPED, STOPPED_SENTENCE.format(step=self.step))

    def finish(self) -> list[Event]:
        steps = count(self.step, "step")
        return self._end(Reason.FINISHED, FINISHED_SENTENCE.format(steps=steps))

    def fail(self, sentence: str, details: str) -> list[Event]:
        """Ends the run after an exception; the last checkpoint stands."""
        return self._end(Reason.FAILED, sentence, details, save=False)

    def _attempt(self, action: Callable[[], None]) -> Reason | None:
        """Why the run cannot go on after the action, None where it can.

        The exception is gone when this returns: its frames hold on to the memory of a whole step.
        """
        try:
            action()
        except NotFinite:
            return Reason.NOT_FINITE
        except (RuntimeError, MemoryError) as error:
            if not device.is_out_of_memory(error):
                raise
            return Reason.OUT_OF_MEMORY
        return None

    def _take_steps(self, seconds: float, events: list[Event]) -> None:
        deadline = time.perf_counter() + seconds
        if self.step == 0:
            events += self._previewer.due()
        while self.step < self.plan.steps:
            self._take_step()
            events += self._previewer.due()
            if time.perf_counter() >= deadline:
                break
        # What is about to be saved has to be worth it: a bad gradient gets past a loss that was still finite.
        if not (self.learner.is_sound() if self._saving_is_due() else self.learner.is_finite()):
            raise NotFinite

    def _take_only_step_of(self, player: str) -> None:
        self._take_step(only=player)
        if not self.learner.is_sound():
            raise NotFinite

    def _take_step(self, only: str | None = None) -> None:
        readings = self.learner.take_step(only)
        norms = {name: update.norm for name, update in self.learner.updates.items()}
        self._recorder.note(self.step, readings, norms)

    def _report(self) -> list[Event]:
        steps, values, norms = self._recorder.read(self.learner.players)
        warnings: list[Event] = []
        if len(steps):
            try:
                self.folder.append_metrics(steps, values)
                with atomic.disk_errors(self.folder.tensorboard):
                    self._board.add(steps, values)
            except UserError as error:
                warnings.append(Warned(str(error)))
        self._speed.note(self.step)
        rate = self._speed.steps_per_second
        advanced = Advanced(
            step=self.step,
            total_steps=self.plan.steps,
            steps=steps,
            values=values,
            gradient_norms=norms,
            rates={name: update.rate for name, update in self.learner.updates.items()},
            images_per_second=rate * self.learner.pictures_per_step,
            seconds_left=(self.plan.steps - self.step) / rate if rate else math.inf,
            memory=device.memory_in_use(self._device),
        )
        return [advanced, *warnings]

    def _alarms(self, events: list[Event]) -> list[Event]:
        """What these events give reason to warn of; each alarm stays on the curves."""
        told: list[Event] = []
        for alarm in self._diagnostics.heed(events):
            told.append(alarm)
            try:
                self.folder.append_mark(alarm.mark)
            except UserError as error:
                told.append(Warned(str(error)))
        return told

    def _end_at_alarm(self, events: list[Event]) -> list[Event]:
        """Ends the run if one of these is an alarm at which it is to end."""
        stops_at = self.learner.model.stops_at
        for alarm in events:
            if isinstance(alarm, Alarmed) and alarm.key in stops_at:
                return self._end(Reason.ALARM, _alarm_sentence(alarm, self.step))
        return []

    def _saving_is_due(self) -> bool:
        return self.step >= self.plan.steps or time.perf_counter() - self._saved_at > self.plan.checkpoint_every

    def _keep_safe(self) -> list[Event]:
        if time.perf_counter() - self._remembered_at > self._remember_every:
            self._remember()
        if self.step >= self.plan.steps or not self._saving_is_due():
            return []
        try:
            return self.save()
        except UserError as error:
            # Training goes on, and the next try is no sooner than the next checkpoint would be.
            self._saved_at = time.perf_counter()
            return [Warned(str(error))]

    def _remember(self) -> None:
        """Keeps the state in memory, to go back to should a loss turn bad; as often as it costs next to nothing."""
        before = time.perf_counter()
        if self.learner.is_sound():
            self._memory = state_tree.clone(self.learner.state())
        self._remembered_at = time.perf_counter()
        self._remember_every = max(SNAPSHOT_SECONDS, (self._remembered_at - before) / SNAPSHOT_SHARE)

    def _break_off(self, trouble: Reason, reached: int) -> list[Event]:
        """Ends the run at its last good step up to `reached`, as if nothing had come after it."""
        if self._device is Device.CUDA:
            torch.cuda.empty_cache()
        self._go_back(reached)
        self._forget_later_steps()
        sentence = self._memory_sentence() if trouble is Reason.OUT_OF_MEMORY else NOT_FINITE_SENTENCE
        sentence = sentence.format(step=self.step)
        mark = self._mark(trouble.value.capitalize(), sentence, MarkKind.ALARM)
        told = [*self._report(), mark]
        try:
            # Where memory ran out, pictures might need more of it than is left.
            return [*told, *self._end(trouble, sentence, draw=trouble is not Reason.OUT_OF_MEMORY)]
        except UserError as error:
            # The disk may be full as well: the run has ended all the same, at its last checkpoint.
            return [*told, Warned(str(error)), *self._end(trouble, sentence, save=False)]

    def _go_back(self, reached: int) -> None:
        """Restores the remembered state and takes the good steps since then again; training repeats itself exactly."""
        self.learner.restore(self._memory)
        good = state_tree.clone(self.learner.state())
        while self.step < reached and not self._attempt(lambda: self.learner.replay(self.step + 1)):
            good = state_tree.clone(self.learner.state())
        self.learner.restore(good)

    def _forget_later_steps(self) -> None:
        self._recorder.drop_after(self.step)
        self.folder.forget_after(self.step)
        for later in (s for s in self.folder.checkpoint_steps() if s > self.step):
            checkpoint.remove(self.folder, later)

    def _memory_sentence(self) -> str:
        size = self.learner.model.config.batch_size
        way_out = f"Try batch_size={size // 2}" if size > 1 else "Try smaller pictures or a smaller width"
        return (
            f"Memory ran out with {count(size, 'picture')} per step. Training stopped at step {{step:,}} and "
            f"saved it. {way_out} in a new run."
        )

    def _end(
        self, reason: Reason, sentence: str, details: str = "", save: bool = True, draw: bool = True
    ) -> list[Event]:
        events: list[Event] = []
        if save and draw:
            events += self._previewer.draw(keep=True)
        if save and self._saved_step != self.step:
            events += self.save()
        status = self.folder.status().model_copy(
            update={"reason": reason, "sentence": sentence, "seconds": self._seconds}
        )
        self.folder.write_status(status)
        self.ended = Ended(self.step, reason, sentence, details)
        return [*events, self.ended]

    def _mark(self, label: str, explanation: str, kind: MarkKind = MarkKind.USER) -> Marked:
        mark = Marked(self.step, kind, label, explanation)
        self.folder.append_mark(mark)
        return mark

    @torch.no_grad()
    def _score(self) -> float | None:
        """The family's own measure on held-out pictures, from the model as it is shown; None if it has none."""
        metric = type(self.learner.model).score
        if metric is None or metric.key in self.learner.model.meaningless:
            return None
        shown = self.learner.new_shown_model()
        rng = torch.Generator(self.learner.device).manual_seed(self.plan.seed)
        rows = torch.arange(min(len(self._held_out), VALIDATION_PICTURES)).split(VALIDATION_BATCH)
        total = 0.0
        for chunk in rows:
            batch = self.learner.in_layout(self._held_out.batch(chunk, self.learner.device))
            total += float(shown.validate(batch, rng)[metric.key]) * len(chunk)
        score = total / sum(len(chunk) for chunk in rows)
        return score if math.isfinite(score) else None

    def _resume(self, from_step: int | None) -> None:
        if not self.folder.checkpoint_steps():
            if from_step is not None:
                raise WrongUse(f"{self.folder.path} has no checkpoint to resume from. Leave the step out.")
            self.folder.forget_after(-1)
            return
        step = checkpoint.pick(self.folder, from_step)
        training = checkpoint.read_training(self.folder, step)
        try:
            self.learner.restore(training)
        except (LookupError, RuntimeError, ValueError, TypeError, AttributeError) as error:
            raise UserError(
                f"The checkpoint at step {step:,} of {self.folder.path} does not fit its plan: "
                f"{checkpoint.first_line(error)}. Start a new run, or restore the run's plan.json."
            ) from error
        self._say_if_pictures_changed(training)
        self._forget_later_steps()
        self.folder.write_status(self.folder.status().model_copy(update={"reason": None, "sentence": "", "step": step}))

    def _say_if_pictures_changed(self, training: state_tree.Tree) -> None:
        second = self.learner.other_order
        parts = [("The data", self.learner.order, "pictures"), ("The second domain", second, "others")]
        for subject, order, key in parts:
            then = training.get(key)
            if order is not None and then is not None and then != order.length:
                self._to_tell.append(
                    Warned(
                        f"{subject} has {count(order.length, 'training picture')} now and had {then:,} when this run "
                        "was saved. It goes on with what is there, so it is no longer the run it would have been."
                    )
                )


def _alarm_sentence(alarm: Alarmed, step: int) -> str:
    tries = f"For a new run, try: {'; '.join(fix.label for fix in alarm.fixes)}. " if alarm.fixes else ""
    return ALARM_SENTENCE.format(step=step, title=alarm.title, since=alarm.since, seen=alarm.seen, tries=tries)
