import { words, XConnection } from './x-connection';

const DAMAGE = { queryVersion: 0, create: 1, subtract: 3 } as const;
/** An event when the first pixel changes, and none until that was taken note of. */
const NON_EMPTY = 3;
const INPUT = { selectEvents: 46, queryVersion: 47 } as const;
const ALL_DEVICES = 0;
/** Of the pointer: moving it damages nothing, but it is in the picture. */
const RAW_MOTION = 1 << 17;

/** Says when something on an X screen changes, so that a still one need not be looked at (DAMAGE 1.1, XInput 2.2). */
export class ScreenActivity {
  readonly #connection: XConnection;
  readonly #damage: number;
  readonly #input: number;
  readonly #damageId: number;
  #onChange: (() => void) | undefined;

  private constructor(connection: XConnection, { damage, input }: { readonly damage: number; readonly input: number }) {
    this.#connection = connection;
    this.#damage = damage;
    this.#input = input;
    this.#damageId = connection.resourceIdBase + 1;
  }

  /** `undefined`: this X server does not tell. @param onLost it tells no more */
  static async open(display: string, onLost: () => void = () => undefined): Promise<ScreenActivity | undefined> {
    const opened: { activity?: ScreenActivity } = {};
    const connection = await XConnection.open(display, {
      onEvent: () => opened.activity?.changed(),
      onLost: () => {
        opened.activity?.changed(); // whoever rests looks for himself now
        onLost();
      },
    });
    const damage = await connection.extension('DAMAGE');
    const input = await connection.extension('XInputExtension');
    if (damage === undefined || input === undefined) {
      connection.close();
      return undefined;
    }
    await connection.request(damage, DAMAGE.queryVersion, words(1, 1));
    await connection.request(input, INPUT.queryVersion, shorts(2, 2));
    const activity = new ScreenActivity(connection, { damage, input });
    connection.send(damage, DAMAGE.create, words(activity.#damageId, connection.root, NON_EMPTY));
    opened.activity = activity;
    return activity;
  }

  /** Calls once, for the next change of a pixel or move of the pointer; replaces what was asked before. */
  onNextChange(listener: () => void): void {
    this.#onChange = listener;
    this.#connection.send(this.#damage, DAMAGE.subtract, words(this.#damageId, 0, 0));
    this.#watchPointer(RAW_MOTION);
  }

  close(): void {
    this.#onChange = undefined;
    this.#connection.close();
  }

  /** Something came from the server. One event too many costs a look, one too few costs a second. */
  changed(): void {
    const onChange = this.#onChange;
    if (onChange === undefined) return;
    this.#onChange = undefined;
    this.#watchPointer(0); // a moving one would wake this process a hundred times a second
    onChange();
  }

  #watchPointer(mask: number): void {
    const { root } = this.#connection;
    const body = Buffer.concat([words(root), shorts(1, 0), shorts(ALL_DEVICES, 1), words(mask)]);
    this.#connection.send(this.#input, INPUT.selectEvents, body);
  }
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2));
  return bytes;
}
