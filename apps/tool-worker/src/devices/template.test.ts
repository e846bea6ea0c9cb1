import { describe, expect, it } from 'vitest';
import { compileTemplate, fillTemplate } from './template.ts';

describe('a value template', () => {
  it.each([
    ['{{ value_json.state }}', '{"state":"ON"}', 'ON'],
    ["{{value_json['ENERGY']['Power']}}", '{"ENERGY":{"Power":12}}', '12'],
    ['{{ value_json["SI7021"].Temperature }}', '{"SI7021":{"Temperature":21.5}}', '21.5'],
    ['{{ value_json.contact }}', '{"contact":false}', 'False'],
    ['{{ value_json.list[1] }}', '{"list":[1,2]}', '2'],
    ['{{ value }}', '42', '42'],
    ['{{ value | int }}', '42.9', '42'],
    ['{{ value|float }}', '42.5', '42.5'],
    ['{{ (value | float * 1.8 + 32) | round(1) }}', '21.55', '70.8'],
    ['{{ value_json.position | int }}', '{"position":"40"}', '40'],
    ['{{ 100 - value_json.pos | int }}', '{"pos":30}', '70'],
    ["{{ 'ON' if value_json.x == 1 else 'OFF' }}", '{"x":1}', 'ON'],
    ["{{ value_json.a | default('none') }}", '{}', 'none'],
    ['{{ value_json.x is defined and not value_json.x }}', '{"x":false}', 'True'],
    [
      '{% if "motor_state" in value_json and value_json.motor_state %} {{ value_json.motor_state }} {% else %} {{ value_json.state }} {% endif %}',
      '{"state":"OPEN"}',
      'OPEN',
    ],
    ['{% if value == "1" %}on{% elif value == "2" %}dim{% else %}off{% endif %}', '2', 'dim'],
    ['{{ value_json.missing }}', '{}', ''],
    ['{{ value_json.constructor }}', '{}', ''],
  ])('%s of %s is %s', (template, payload, expected) => {
    expect(compileTemplate(template).apply(payload)).toBe(expected);
  });

  it('says nothing of a payload that is not JSON', () => {
    expect(compileTemplate('{{ value_json.state }}').apply('not json')).toBe('');
  });

  it.each([
    '{% for x in value_json %}{% endfor %}',
    "{{ states('sensor.other') }}",
    '{{ value | regex_findall("x") }}',
    '{{ value_json.a.items() }}',
    '{{ value +',
    '{{ }}',
    '{% if value %}',
    `{{ ${'('.repeat(500)} }}`,
    'x'.repeat(5_000),
  ])('%.40s is refused', (template) => {
    expect(() => compileTemplate(template)).toThrow(
      expect.objectContaining({ name: 'TemplateError' }),
    );
  });

  it('fills a command with a value', () => {
    expect(fillTemplate('{"brightness": {{ value }}}', 128)).toBe('{"brightness": 128}');
    expect(fillTemplate('{{ (value * 2.55) | int }}', 50)).toBe('127');
  });
});
