/** The version of package.json, put in when the program is bundled; `0.0.0` when run from sources (tests). */
export const packageVersion: string = process.env['SRS_PACKAGE_VERSION'] ?? '0.0.0';
