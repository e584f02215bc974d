import { isNear } from '../../../test/support/recorded-frames';
import { commandedIn, type Commanded } from './commanded';
import type { Evidence, Film, Span } from './evidence';

/** What a moment may be off: a slice, a first frame, a stop; and what a loaded machine adds. */
const MOMENT_MS = 3500;
/** A second more or less of a screen that changes several times a second. */
const PICTURE_MS = 3000;
/** Until a silent encoder, or a server that does not answer, is given up: the watchdogs, and what a loaded machine adds. */
const LAG_MS = 16_000;
/** Of a slice that is not written yet, on a loaded machine. */
const LOST_MS = 5000;
const FOLLOWS_MS = 8000;
const NO_RWS = ['freezeRws', 'refuseRws', 'cutNetwork'];

/** What must not be, of a round. Empty: everything was kept. */
export function judge(evidence: Evidence): readonly string[] {
  const commanded = commandedIn(evidence);
  return [
    ...commanded.flatMap((recording) => judgeRecording(recording, evidence)),
    ...judgeTwice(evidence.films),
    ...evidence.films.flatMap((film) => judgeFilm(film, commanded, evidence)),
    ...judgeStarts(evidence),
    ...judgeLooks(evidence),
  ];
}

/** Each commanded second is in a film or in a gap that says so. */
function judgeRecording(recording: Commanded, evidence: Evidence): readonly string[] {
  const { id, isEndWanted } = recording;
  const films = evidence.films.filter(({ recordingId }) => recordingId === id);
  const isOverTold =
    evidence.failed.has(id) ||
    evidence.reports.some(
      ({ recordingId, state, reason }) => recordingId === id && (state === 'Failed' || reason.includes('There is no video from')),
    );
  const holes = holesOf(recording, films, evidence).filter((hole) => !isTold(hole, recording, films, isOverTold));
  return [
    ...holes.map((hole) => `${id} lacks ${seconds(hole, recording)} of ${seconds(recording, recording)} and nothing says so`),
    ...judgeLoss(recording, films, evidence),
    ...(isEndWanted || isOverTold
      ? []
      : [`${id} ended at ${second(recording.to, recording)} though nobody wanted that, and nobody was told`]),
  ];
}

/** A kill alone costs moments, told or not. */
function judgeLoss(
  { id, from, to, pauses, isBrokenOff }: Commanded,
  films: readonly Film[],
  { faults, changes }: Evidence,
): readonly string[] {
  const since = changes.find((change) => change.at >= from && change.to === 'recording')?.at ?? Infinity;
  const isTroubled = faults.some((fault) => fault.name !== 'killService' && fault.from < to && fault.to > from);
  const isPaused = pauses.some((pause) => pause.to >= to);
  const kept = Math.max(since, ...films.map((film) => film.to));
  const lost = to - kept;
  return isBrokenOff && !isTroubled && !isPaused && lost > LOST_MS ? [`${id} lost ${Math.round(lost)} ms before a kill`] : [];
}

function holesOf({ from, to, pauses }: Commanded, films: readonly Film[], { painted }: Evidence): readonly Span[] {
  const shown = films.flatMap((film) => [...film.frames.map(({ at }) => at), film.from]).sort((a, b) => a - b);
  const moments = [from, ...shown.filter((at) => at > from && at < to), to];
  const between = moments.slice(1).map((at, index) => ({ from: moments[index] ?? from, to: at }));
  const isStill = (hole: Span): boolean => painted.filter(({ at }) => at > hole.from && at < hole.to).length < 3 && isShown(hole, films);
  const isPause = (hole: Span): boolean => pauses.some((pause) => hole.from >= pause.from - MOMENT_MS && hole.to <= pause.to + MOMENT_MS);
  return between.filter((hole) => hole.to - hole.from > MOMENT_MS && !isStill(hole) && !(isPause(hole) && isShown(hole, films)));
}

/** A frame is shown until the next. */
function isShown(hole: Span, films: readonly Film[]): boolean {
  return films.some(({ from, to }) => from <= hole.from && to >= hole.to - MOMENT_MS);
}

function isTold(hole: Span, { to, pauses, isBrokenOff }: Commanded, films: readonly Film[], isOverTold: boolean): boolean {
  if (isOverTold && (films.length === 0 || hole.to >= to - MOMENT_MS)) return true;
  const events = films.flatMap((film) => film.events).filter(({ event }) => event === 'gap' || event === 'paused');
  const near = (span: Span): boolean => events.some(({ at }) => at >= span.from - MOMENT_MS && at <= span.to + MOMENT_MS);
  const pause = pauses.find((span) => hole.from >= span.from - MOMENT_MS && hole.to <= span.to + MOMENT_MS);
  return near(hole) || (pause !== undefined && near({ from: pause.from, to: hole.to })) || (isBrokenOff && to - hole.from < MOMENT_MS);
}

function judgeTwice(films: readonly Film[]): readonly string[] {
  const inOrder = [...films].sort((a, b) => a.from - b.from);
  return inOrder
    .filter(({ from }, index) => from < (inOrder[index - 1]?.to ?? 0) - PICTURE_MS)
    .map(({ recordingId, mediaId }) => `${recordingId}: what ${mediaId} shows is uploaded twice`);
}

/** It shows what was on the screen when it says it was, of this recording, and nothing of a pause. */
function judgeFilm(film: Film, commanded: readonly Commanded[], { painted, pauseMode }: Evidence): readonly string[] {
  const { recordingId: id, from, to, saidMs, foundMs, frames } = film;
  const recording = commanded.find((candidate) => candidate.id === id);
  if (recording === undefined) return [`${id} was uploaded and never commanded`];
  const isPaused = (at: number, marginMs: number): boolean =>
    recording.pauses.some((pause) => at > pause.from + marginMs && at < pause.to - marginMs);
  const isBlack = (colour: number): boolean => isNear(colour, 0);
  const isOnScreen = (at: number, colour: number): boolean =>
    painted.some((paint) => Math.abs(paint.at - at) < PICTURE_MS && isNear(colour, paint.colour));
  const secret = frames.find(({ at, colour }) => isPaused(at, 1200) && (pauseMode === 'cut' || !isBlack(colour)));
  const wrong = frames.filter(({ at, colour }) => !isOnScreen(at, colour) && !(isBlack(colour) && isPaused(at, -PICTURE_MS)));
  return [
    ...(Math.abs(foundMs - saidMs) > 1000 ? [`${id} is said to last ${saidMs} ms and lasts ${foundMs} ms`] : []),
    ...(from < recording.from - 500 || to > recording.to + MOMENT_MS ? [`${id} shows what is not its: ${seconds(film, recording)}`] : []),
    ...(secret === undefined ? [] : [`${id} shows a pause: ${second(secret.at, recording)}`]),
    // A frame between two pictures is both.
    ...(wrong.length > 2 + frames.length / 10
      ? [`${id} shows at ${second(wrong[0]?.at ?? 0, recording)} what was not on the screen (${wrong.length} of ${frames.length} frames)`]
      : []),
  ];
}

/** A start that comes while all is well is followed. */
function judgeStarts({ commands, changes, faults, ends, looks }: Evidence): readonly string[] {
  return commands
    .filter(({ name, at }) => {
      const isNearby = (moment: number): boolean => moment > at - FOLLOWS_MS && moment < at + FOLLOWS_MS;
      const isQuiet = !faults.some(({ from, to }) => from < at + FOLLOWS_MS && to > at - FOLLOWS_MS) && !ends.some(isNearby);
      const others = commands.some((command) => command.at !== at && isNearby(command.at));
      const before = looks.findLast((look) => look.at < at);
      return name === 'start' && isQuiet && !others && before?.session.status === 'connected';
    })
    .filter(({ recordingId }) => !changes.some((change) => change.recordingId === recordingId))
    .map(({ recordingId }) => `the start of ${recordingId} was not followed`);
}

/** No state is shown for long that is not so. */
function judgeLooks({ looks, faults }: Evidence): readonly string[] {
  const lasting = (names: readonly string[], at: number): boolean =>
    faults.some(({ name, from, to }) => names.includes(name) && at - from > LAG_MS && at < to);
  const connected = looks.find(({ at, session }) => session.status === 'connected' && lasting(NO_RWS, at));
  const recording = looks.find(({ at, recorder }) => recorder.status === 'recording' && lasting(['freezeBrowser'], at));
  return [
    ...(connected === undefined ? [] : ['a connection is shown and RWS cannot be reached']),
    ...(recording === undefined ? [] : ['recording is shown and the browser stands still']),
  ];
}

function seconds({ from, to }: Span, recording: Span): string {
  return `${second(from, recording)} to ${second(to, recording)}`;
}

function second(at: number, { from }: Span): string {
  return `second ${((at - from) / 1000).toFixed(1)}`;
}
