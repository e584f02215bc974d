import { formatSpan, formatTime } from '../shared/format';
import type { SessionState } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import type { Fact } from './facts';

/** The one line on the session, without what the facts below it say. */
export function sessionHeadline(session: SessionState, { text }: Translator): string {
  switch (session.status) {
    case 'signingIn':
      return text('session.signingIn', { name: session.userName });
    case 'connected':
      return text('session.connected', { server: new URL(session.server).host });
    default:
      return text(`session.${session.status}`);
  }
}

export function agentFacts(session: SessionState, { text }: Translator): readonly Fact[] {
  if (!('agent' in session)) return [];
  const { userName, firstName, lastName, place, devices } = session.agent;
  const name = [firstName, lastName].filter(Boolean).join(' ');
  return [
    ...(name === '' ? [] : [{ name: text('agent.name'), value: name }]),
    { name: text('agent.userName'), value: userName },
    { name: text('agent.place'), value: place ?? text('agent.noneGiven') },
    {
      name: text('agent.devices'),
      value:
        devices.map(({ dn, switch: onSwitch }) => text('agent.device', { dn, switch: onSwitch })).join(', ') || text('agent.noneGiven'),
    },
  ];
}

/** @param now epoch milliseconds, for what is said as an age */
export function sessionFacts(session: SessionState, translator: Translator, now: number): readonly Fact[] {
  const { text, locale } = translator;
  const ago = (iso: string): string => text('session.ago', { span: formatSpan(now - Date.parse(iso), locale) });
  const since = 'since' in session ? [{ name: text('session.since'), value: formatTime(session.since, locale) }] : [];
  const poll = {
    name: text('session.lastPoll'),
    value: 'lastPoll' in session && session.lastPoll ? ago(session.lastPoll) : text('session.neverPolled'),
  };
  switch (session.status) {
    case 'connected':
      return [
        { name: text('session.server'), value: session.server },
        { name: text('session.which'), value: text(`session.${session.which}`) },
        ...since,
        { name: text('session.lastContact'), value: ago(session.lastContact) },
        poll,
      ];
    case 'reconnecting':
      return [...since, { name: text('session.reason'), value: session.reason, isForeign: true }, poll];
    case 'expired':
      return since;
    default:
      return [];
  }
}
