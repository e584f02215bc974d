/** Starting at login, whatever the system calls it. */
export interface AutoStart {
  /** Whether the system will start the program at the next login, the user's own switch (Task Manager) included. */
  isOn(): Promise<boolean>;
  /** Whether `set(true)` has been done before, for this program as it lies now: what the user has switched off since stays so. */
  isSet(): Promise<boolean>;
  set(isOn: boolean): Promise<void>;
}

/** Says that the system starts the program, so that it stays out of sight, and goes away where `autoStart` is off. */
export const LOGIN_ARGUMENT = '--login';
