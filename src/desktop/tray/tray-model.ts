import type { AppAction } from '../../shared/actions';
import { PROBLEMS } from '../../shared/problem-catalogue';
import { formatBytes, formatMinutes, formatTime } from '../../shared/format';
import type { Problem, RecorderState, SessionState, Snapshot } from '../../shared/snapshot';
import type { Translator } from '../../shared/translate';
import { trayStateOf, type TrayState } from '../../shared/tray-state';

export type MenuEntry =
  | { readonly type: 'text'; readonly label: string }
  | { readonly type: 'separator' }
  | { readonly type: 'action'; readonly label: string; readonly action: AppAction }
  | {
      readonly type: 'checkbox';
      readonly label: string;
      readonly action: AppAction;
      readonly isChecked: boolean;
      readonly isEnabled: boolean;
    }
  | { readonly type: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] };

export interface TrayModel {
  readonly state: TrayState;
  readonly tooltip: string;
  readonly menu: readonly MenuEntry[];
}

export interface TrayContext {
  readonly translator: Translator;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly autoStart: { readonly isOn: boolean; readonly isChangeable: boolean };
  readonly allowQuit: boolean;
}

/** Everything the tray shows for a snapshot. */
export function trayModel(snapshot: Snapshot, context: TrayContext): TrayModel {
  return { state: trayStateOf(snapshot), tooltip: tooltip(snapshot, context), menu: menu(snapshot, context) };
}

/** Windows cuts a tooltip at 127 characters: the state first, then why. */
const MAX_TOOLTIP = 127;

function tooltip(snapshot: Snapshot, context: TrayContext): string {
  const { translator } = context;
  const name = snapshot.isDemo ? `${translator.text('app.name')} (${translator.text('app.demo')})` : translator.text('app.name');
  const lines = [translator.text(`state.${trayStateOf(snapshot)}`), ...reasons(snapshot, context), name];
  const text = [...new Set(lines)].join('\n');
  return text.length <= MAX_TOOLTIP ? text : `${text.slice(0, MAX_TOOLTIP - 1)}…`;
}

function reasons(snapshot: Snapshot, context: TrayContext): readonly string[] {
  const { translator } = context;
  const { session, recorder, uploads, problems } = snapshot;
  const first = problems[0];
  return [
    ...(first === undefined ? [] : [translator.text(`problem.${first.code}.text`)]),
    ...(recorder.status === 'idle' || recorder.status === 'recording' ? [] : [recorderLine(recorder, context)]),
    ...(session.status === 'signedOut' ? [] : [sessionLine(session, context)]),
    ...(uploads.jobs.length === 0 ? [] : [queueLine(snapshot, context)]),
  ];
}

function menu(snapshot: Snapshot, context: TrayContext): readonly MenuEntry[] {
  const { translator, autoStart, allowQuit } = context;
  const text = (label: string): MenuEntry => ({ type: 'text', label });
  const action = (name: AppAction): MenuEntry => ({ type: 'action', label: translator.text(`action.${name}`), action: name });
  const { session, recorder, uploads, problems } = snapshot;
  const agent = agentLine(session);
  return [
    ...(snapshot.isDemo ? [text(translator.text('app.demo'))] : []),
    ...(agent === undefined ? [] : [text(agent)]),
    text(sessionLine(session, context)),
    text(recorderLine(recorder, context)),
    ...(uploads.jobs.length === 0 ? [] : [text(queueLine(snapshot, context))]),
    ...(problems.length === 0 ? [] : [{ type: 'separator' as const }, ...problems.map((problem) => problemEntry(problem, context))]),
    { type: 'separator' },
    action('showStatus'),
    action('openLogs'),
    action('collectDiagnostics'),
    { type: 'separator' },
    {
      type: 'checkbox',
      label: translator.text('action.toggleAutoStart'),
      action: 'toggleAutoStart',
      isChecked: autoStart.isOn,
      isEnabled: autoStart.isChangeable,
    },
    action('about'),
    ...(allowQuit ? [action('quit')] : []),
  ];
}

function agentLine(session: SessionState): string | undefined {
  if (!('agent' in session)) return undefined;
  const { firstName, lastName, userName, place } = session.agent;
  const name = [firstName, lastName].filter(Boolean).join(' ');
  return [name === '' ? userName : `${name} (${userName})`, ...(place === undefined ? [] : [place])].join(' · ');
}

function sessionLine(session: SessionState, { translator }: TrayContext): string {
  const since = (iso: string): string => translator.text('session.sinceTime', { time: formatTime(iso, translator.locale) });
  switch (session.status) {
    case 'signingIn':
      return translator.text('session.signingIn', { name: session.userName });
    case 'connected': {
      const connected = translator.text('session.connected', { server: new URL(session.server).host });
      return `${connected} (${translator.text(`session.${session.which}`)}), ${since(session.since)}`;
    }
    case 'reconnecting':
      return `${translator.text('session.reconnecting')}, ${since(session.since)}: ${session.reason}`;
    case 'expired':
      return `${translator.text(`session.${session.status}`)}, ${since(session.since)}`;
    default:
      return translator.text(`session.${session.status}`);
  }
}

function recorderLine(recorder: RecorderState, { translator, now }: TrayContext): string {
  const state = translator.text(`recorder.${recorder.status}`);
  if (recorder.status !== 'recording' && recorder.status !== 'paused') return state;
  // Whole minutes: a menu that counts seconds would have to be rebuilt every second.
  const minutes = Math.floor(Math.max(0, now - Date.parse(recorder.since)) / 60_000);
  return translator.text('recorder.elapsedSpan', { state, span: formatMinutes(minutes, translator.locale) });
}

function queueLine({ uploads }: Snapshot, { translator }: TrayContext): string {
  return translator.plural('uploads.waiting', uploads.jobs.length, { size: formatBytes(uploads.pendingBytes, translator.locale) });
}

function problemEntry(problem: Problem, { translator }: TrayContext): MenuEntry {
  const remedy = PROBLEMS[problem.code].action;
  return {
    type: 'submenu',
    label: translator.text(`problem.${problem.code}.text`),
    entries: [
      { type: 'text', label: translator.text(`problem.${problem.code}.remedy`) },
      { type: 'action', label: translator.text(`action.${remedy}`), action: remedy },
    ],
  };
}
