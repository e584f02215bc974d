import type { ConnectionOwner, ConnectionOwners, PortHolder } from '../../src/lib/connection-owners';

/** Owners of which a test decides the answer, and that count how often they are asked. */
export class FakeConnectionOwners implements ConnectionOwners {
  asked = 0;
  isForMany = false;
  /** An error stands for what could not be found out. */
  answer: ConnectionOwner | Error;
  /** Answers of the next connections, before `answer`. */
  readonly next: (ConnectionOwner | Error)[] = [];

  constructor(answer: ConnectionOwner | Error = { relation: 'sameUser' }) {
    this.answer = answer;
  }

  async ownerOf(): Promise<ConnectionOwner> {
    this.asked += 1;
    const answer = this.next.shift() ?? this.answer;
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async holderOf(): Promise<PortHolder | undefined> {
    return this.answer instanceof Error ? undefined : { owner: this.answer };
  }

  async isShared(): Promise<boolean> {
    return this.isForMany;
  }
}
