import type { FaultRequest } from '../../../src/simulator/faults/fault';
import { FaultBoard, type Occasion } from '../../../src/simulator/faults/fault-board';
import { FAULT_CATALOGUE } from '../../../src/simulator/faults/fault-catalogue';

const OCCASION: Occasion = {
  targets: ['notifications', 'connect'],
  path: '/api/v2/notifications/connect',
  method: 'POST',
  userName: 'ann',
  dataCentre: 'primary',
};
const hang = { type: 'hang' } as const;

describe('which requests a fault strikes', () => {
  it.each<[string, Omit<FaultRequest, 'action'>, boolean]>([
    ['every request without conditions', {}, true],
    ['one of its target', { target: 'connect' }, true],
    ['one of the wider target', { target: 'notifications' }, true],
    ['none of another target', { target: 'handshake' }, false],
    ['one below its path', { path: '/api/v2/' }, true],
    ['none of another path', { path: '/internal-api/' }, false],
    ['one of its method, in any case', { method: 'post' }, true],
    ['none of another method', { method: 'GET' }, false],
    ['one of its agent', { userName: 'ann' }, true],
    ['none of another agent', { userName: 'bob' }, false],
    ['one at its data centre', { dataCentre: 'primary' }, true],
    ['none at the other data centre', { dataCentre: 'peer' }, false],
  ])('%s', (_name, conditions, isStruck) => {
    const board = new FaultBoard();
    board.add({ ...conditions, action: hang });
    expect(board.strike(OCCASION) !== undefined).toBe(isStruck);
  });
});

it('lets the first requests pass, strikes so often, and is gone', () => {
  const board = new FaultBoard();
  board.add({ after: 1, times: 2, action: hang });
  expect([1, 2, 3, 4].map(() => board.strike(OCCASION)?.type)).toEqual([undefined, 'hang', 'hang', undefined]);
  expect(board.list()).toEqual([]);
});

it('strikes the part of the requests that it is told to', () => {
  const numbers = [0.1, 0.5, 0.29, 0.9];
  const board = new FaultBoard(undefined, () => numbers.shift() ?? 1);
  board.add({ probability: 0.3, action: hang });
  expect([1, 2, 3, 4].map(() => board.strike(OCCASION) !== undefined)).toEqual([true, false, true, false]);
});

it('lets the first of several faults strike', () => {
  const board = new FaultBoard();
  board.add({ times: 1, action: hang });
  board.add({ action: { type: 'html' } });
  expect([board.strike(OCCASION)?.type, board.strike(OCCASION)?.type]).toEqual(['hang', 'html']);
});

it('forgets a fault that is removed, and all when it is cleared', () => {
  const board = new FaultBoard();
  const id = board.add({ action: hang });
  board.add({ action: hang });
  expect([board.remove(id), board.remove(id), board.list().length]).toEqual([true, false, 1]);
  board.clear();
  expect(board.strike(OCCASION)).toBeUndefined();
});

it('refuses what is no fault', () => {
  const unknown = { action: { type: 'explode' } } as unknown as FaultRequest;
  expect(() => new FaultBoard().add(unknown)).toThrow();
});

it.each(Object.entries(FAULT_CATALOGUE))('the catalogue’s %s can be set', (_name, { fault }) => {
  expect(new FaultBoard().add(fault)).toEqual(expect.any(String));
});
