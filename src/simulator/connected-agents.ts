import type { Device } from '../shared/agent';
import type { Accounts, AgentIdentity } from './accounts';
import type { Activity, ReceivedReport } from './activity';
import type { DataCentreName } from './options';
import type { DataCentre } from './rws/data-centre';
import type { Subscriber } from './rws/notifications';
import { omitUndefined } from '../shared/omit-undefined';

/** An agent with a Bayeux session. */
export interface ConnectedAgent {
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly dataCentre: DataCentreName;
  readonly since: string;
  /** Has subscribed, and so would hear a command. */
  readonly isListening: boolean;
  /** Has said StartContactCenterSession. */
  readonly hasSession: boolean;
  readonly place?: string;
  readonly devices: readonly Device[];
  /** The last state report. */
  readonly lastReport?: ReceivedReport;
}

export interface ConnectedAgentsDeps {
  readonly dataCentres: readonly DataCentre[];
  readonly accounts: Accounts;
  readonly activity: Activity;
}

/** Everybody with a Bayeux session; who has several in one data centre is here once. */
export function connectedAgents({ dataCentres, accounts, activity }: ConnectedAgentsDeps): readonly ConnectedAgent[] {
  const lastReports = new Map(activity.reports.map((report) => [report.userName, report]));
  return dataCentres.flatMap((dataCentre) => {
    const subscribers = byUserName(dataCentre.notifications.subscribers());
    return accounts.list().flatMap((account) => {
      const own = subscribers.get(account.userName);
      return own === undefined ? [] : [describe(account, own, dataCentre, lastReports.get(account.userName))];
    });
  });
}

function byUserName(subscribers: readonly Subscriber[]): ReadonlyMap<string, readonly Subscriber[]> {
  const groups = new Map<string, Subscriber[]>();
  for (const subscriber of subscribers) groups.set(subscriber.userName, [...(groups.get(subscriber.userName) ?? []), subscriber]);
  return groups;
}

function describe(
  { userName, firstName, lastName }: AgentIdentity,
  subscribers: readonly Subscriber[],
  { name, contactCenterSessions }: DataCentre,
  lastReport: ReceivedReport | undefined,
): ConnectedAgent {
  const session = contactCenterSessions.find(userName);
  return {
    userName,
    firstName,
    lastName,
    dataCentre: name,
    since: subscribers[0]?.since ?? '',
    isListening: subscribers.some(({ subscriptions }) => subscriptions.length > 0),
    hasSession: session !== undefined,
    devices: session?.devices ?? [],
    ...omitUndefined({ place: session?.place, lastReport }),
  };
}
