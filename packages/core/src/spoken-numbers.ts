/** Says numbers with what belongs to them in words, where engines leave it out or spell it. */

/** Everything that belongs to a number: money, temperatures, units, sums, times and dates. */
export function sayNumbers(text: string): string {
  return [sayDates, sayTimes, sayMoney, sayFractions, sayDegrees, sayUnits, saySums].reduce(
    (said, say) => say(said),
    text.replace(/(?<=\d)[\u00A0\u202F\u2009](?=\d{3}(?!\d))/g, ','),
  );
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `2026-11-21`, which engines read as digits. Dates with slashes are left alone: nobody knows which is the month. */
function sayDates(text: string): string {
  return text.replace(
    /(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])(?:T(?=\d))?/g,
    (date, year: string, month: string, day: string) => {
      const name = MONTHS[Number(month) - 1];
      return name
        ? `${name} ${Number(day)}, ${year} `.replace(/ $/, date.endsWith('T') ? ' ' : '')
        : date;
    },
  );
}

/** Full hours and the hour after midnight; `3:05` and `15:30` are read right as they stand. */
function sayTimes(text: string): string {
  return text.replace(
    /(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:]|\.\d)(?!\s*[ap]\.?m\b)/gi,
    (time, hour: string, minute: string) => {
      const hours = Number(hour);
      if (minute === '00') return hours === 0 ? 'midnight' : fullHour(hours);
      if (hour !== '00') return time;
      return minute.startsWith('0') ? `zero oh ${Number(minute)}` : `zero ${minute}`;
    },
  );
}

function fullHour(hours: number): string {
  return hours <= 12 ? `${hours} o'clock` : `${hours} hundred`;
}

const CURRENCIES: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['€', ['euro', 'euros']],
  ['£', ['pound', 'pounds']],
  ['$', ['dollar', 'dollars']],
  ['¥', ['yen', 'yen']],
]);

/** `€5`, `5 €`, `£3.50`, `$2 million`. */
function sayMoney(text: string): string {
  return text
    .replace(
      /([€£$¥])\s?(\d[\d,]*(?:\.\d+)?)(\s(?:thousand|million|billion|trillion)\b)?/g,
      (_, sign: string, amount: string, scale: string | undefined) => money(sign, amount, scale),
    )
    .replace(/(\d[\d,]*(?:\.\d+)?)\s?([€£¥])/g, (_, amount: string, sign: string) =>
      money(sign, amount),
    );
}

function money(sign: string, amount: string, scale = ''): string {
  const [one, many] = CURRENCIES.get(sign) ?? [sign, sign];
  const [whole = '', cents] = amount.split('.');
  // A comma at the end belongs to the sentence.
  const comma = amount.endsWith(',') ? ',' : '';
  const units = amount.replace(/,$/, '') === '1' && !scale ? one : many;
  if (scale || cents?.length !== 2) return `${amount.replace(/,$/, '')}${scale} ${units}${comma}`;
  const name = whole === '1' ? one : many;
  return cents === '00' ? `${whole} ${name}` : `${whole} ${name} ${Number(cents)}`;
}

const FRACTIONS: ReadonlyMap<string, string> = new Map([
  ['½', 'a half'],
  ['¼', 'a quarter'],
  ['¾', 'three quarters'],
  ['⅓', 'a third'],
  ['⅔', 'two thirds'],
  ['⅛', 'an eighth'],
]);

/** `½`, `2½`, `3/4`. Other slashes between numbers may be dates and stay. */
function sayFractions(text: string): string {
  return text
    .replace(/(\d)?\s?([½¼¾⅓⅔⅛])/g, (_, whole: string | undefined, sign: string) => {
      const fraction = FRACTIONS.get(sign) ?? sign;
      return whole ? `${whole} and ${fraction}` : ` ${fraction}`;
    })
    .replace(/(?<![\d/.])1\/2(?![\d/])/g, 'a half')
    .replace(/(?<![\d/.])([13])\/4(?![\d/])/g, (_, top: string) =>
      top === '1' ? 'a quarter' : 'three quarters',
    );
}

const SCALES: ReadonlyMap<string, string> = new Map([
  ['C', ' Celsius'],
  ['F', ' Fahrenheit'],
]);

/** `21.5°C`, `21 °`, `-3℃`. */
function sayDegrees(text: string): string {
  return text
    .replace(/℃/g, '°C')
    .replace(/℉/g, '°F')
    .replace(
      /([-−]?\d+(?:[.,]\d+)?)?\s?[°º]\s?([CF]\b)?(?=(\p{L})?)/gu,
      (_, value?: string, scale?: string, next?: string) => {
        const word = value && /^[-−]?1$/.test(value) ? 'degree' : 'degrees';
        return `${value ?? ''} ${word}${SCALES.get(scale ?? '') ?? ''}${next ? ' ' : ''}`;
      },
    );
}

/** After a number only. Singular and plural; what is spelled the same in both is there once. */
const UNITS: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['km/h', ['kilometre per hour', 'kilometres per hour']],
  ['m/s', ['metre per second', 'metres per second']],
  ['mph', ['mile per hour', 'miles per hour']],
  ['kWh', ['kilowatt hour', 'kilowatt hours']],
  ['kW', ['kilowatt', 'kilowatts']],
  ['W', ['watt', 'watts']],
  ['V', ['volt', 'volts']],
  ['kHz', ['kilohertz', 'kilohertz']],
  ['Hz', ['hertz', 'hertz']],
  ['km', ['kilometre', 'kilometres']],
  ['cm', ['centimetre', 'centimetres']],
  ['mm', ['millimetre', 'millimetres']],
  ['m', ['metre', 'metres']],
  ['m²', ['square metre', 'square metres']],
  ['kg', ['kilogram', 'kilograms']],
  ['mg', ['milligram', 'milligrams']],
  ['g', ['gram', 'grams']],
  ['ml', ['millilitre', 'millilitres']],
  ['l', ['litre', 'litres']],
  ['L', ['litre', 'litres']],
  ['KB', ['kilobyte', 'kilobytes']],
  ['kB', ['kilobyte', 'kilobytes']],
  ['MB', ['megabyte', 'megabytes']],
  ['GB', ['gigabyte', 'gigabytes']],
  ['TB', ['terabyte', 'terabytes']],
  ['ms', ['millisecond', 'milliseconds']],
  ['s', ['second', 'seconds']],
  ['sec', ['second', 'seconds']],
  ['min', ['minute', 'minutes']],
  ['h', ['hour', 'hours']],
  ['hrs', ['hours', 'hours']],
  ['hPa', ['hectopascal', 'hectopascals']],
  ['dB', ['decibel', 'decibels']],
  ['ft', ['foot', 'feet']],
  ['lb', ['pound', 'pounds']],
  ['oz', ['ounce', 'ounces']],
]);

function sayUnits(text: string): string {
  return text.replace(
    /(?<![\p{L}\d.,:])(\d+(?:[.,]\d+)*)(\s?)([a-zA-Z]{1,3}(?:\/[hs]|²)?)(?![\p{L}\d²/'’])/gu,
    (all, value: string, _gap: string, unit: string) => {
      const [one, many] = UNITS.get(unit) ?? [];
      return many ? `${value} ${value === '1' ? one : many}` : all;
    },
  );
}

/** Signs between numbers. A hyphen between digits is a range and read well; with blanks around it is a minus. */
function saySums(text: string): string {
  return text
    .replace(/(?<=[\d)]\s?)[×*](?=\s?[\d(])/g, ' times ')
    .replace(/(?<=[\d)]\s?)÷(?=\s?[\d(])/g, ' divided by ')
    .replace(/(?<=[\d)]\s)\/(?=\s[\d(])/g, 'divided by')
    .replace(/(?<=[\d)]\s)[-–−](?=\s[\d(])/g, 'minus')
    .replace(/(?<=[\d)]\s?)\+(?=\s?[\d(])/g, ' plus ')
    .replace(/(?<![\p{L}\d])\+(?=\d)/gu, 'plus ')
    .replace(/−(?=\s?\d)/g, 'minus ')
    .replace(/(?<=\d)\s?[–—]\s?(?=\d)/g, ' to ')
    .replace(/(?:~|≈|\bca\.)\s?(?=\d)/g, 'about ')
    .replace(/±\s?(?=\d)/g, 'plus or minus ')
    .replace(/(?:#|№\s?)(?=\d)/g, 'number ');
}
