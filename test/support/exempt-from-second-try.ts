/**
 * Claims that a second try may not save: one that failed fails its file, whatever the same test finds the next time. For what must never happen,
 * such as a pixel of a covered window. To be called within a `describe`.
 */
export function exemptFromSecondTry(): (claim: () => void) => void {
  const failures: unknown[] = [];
  // What fails here belongs to no test, so no test is tried again for it.
  afterAll(() => {
    if (failures.length > 0) throw failures[0];
  });
  return (claim) => {
    try {
      claim();
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
}
