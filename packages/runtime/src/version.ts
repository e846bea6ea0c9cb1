/** The version that services report in their health. A test holds it against package.json. */
export const VERSION = '0.1.0';
