import type { Covering } from '../masks/mask-run';
import { isActive, noted, stay } from './recorder-effects';
import type { RecorderEffect, RecorderMachineState, RecorderStep } from './recorder-state';

const UNKNOWN = 'The windows are not known: the whole display is covered';
const NOTHING: Covering = { isWhole: false, reasons: [] };

/** Windows are covered, or are not any more: said in the recording's history by the rules' notes. */
export function onCoveringChanged(state: RecorderMachineState, covering: Covering, at: number): RecorderStep {
  if (!isActive(state)) return stay(state);
  const { covering: before = NOTHING, ...recording } = state.recording;
  const [was, is] = [notesOf(before), notesOf(covering)];
  const effects: RecorderEffect[] = [
    ...is.filter((note) => !was.includes(note)).map((note) => noted('masked', at, note)),
    ...was.filter((note) => !is.includes(note)).map((note) => noted('unmasked', at, note)),
  ];
  if (covering.isWhole) {
    effects.push({ type: 'raise', problem: { code: 'windowsUnknown', facts: { isRecorded: true } } });
  } else {
    effects.push({ type: 'clear', codes: ['windowsUnknown'] });
  }
  const isNothing = !covering.isWhole && covering.reasons.length === 0;
  return stay({ ...state, recording: isNothing ? recording : { ...recording, covering } }, ...effects);
}

function notesOf({ isWhole, reasons }: Covering): readonly string[] {
  return isWhole ? [UNKNOWN, ...reasons] : reasons;
}
