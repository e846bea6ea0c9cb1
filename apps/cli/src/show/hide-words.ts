/** Replaces what people said by its length, so that a screen or a file may be shown around. */

/** Names of fields whose text comes from a closed list or from a program. Any other text may be somebody's words. */
const OPEN_FIELDS = new Set([
  'action',
  'code',
  'engine',
  'event',
  'intent',
  'message',
  'name',
  'note',
  'outcome',
  'reason',
  'role',
  'roles',
  'siteId',
  'state',
  'topic',
  'turnId',
  'excludeTurnId',
  'version',
  'voice',
]);

/** A registry has hundreds; a line on a screen has room for a few. */
const MAX_ITEMS = 10;

/** @param field the name of the field that holds `value`; absent for a whole message */
export function hideWords(value: unknown, field?: string): unknown {
  if (typeof value === 'string') {
    return field !== undefined && OPEN_FIELDS.has(field) ? value : `(${value.length} characters)`;
  }
  if (Array.isArray(value) && value.length > MAX_ITEMS) return `(${value.length} items)`;
  if (Array.isArray(value)) return value.map((item: unknown) => hideWords(item, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, hideWords(inner, name)]),
  );
}
