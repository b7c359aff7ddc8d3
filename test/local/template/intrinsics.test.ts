import { parseTemplate, type Stack } from '../../../local/template/assembly';
import { Resolver } from '../../../local/template/intrinsics';

const BRACE = '$' + '{';

function stack(name: string, template: object): Stack {
  return {
    name,
    account: '000000000000',
    region: 'us-east-1',
    template: parseTemplate(template),
    bundles: new Map(),
  };
}

const here = stack('here', {
  Parameters: { Size: { Type: 'Number', Default: 3 }, Secret: { Type: 'String' } },
  Mappings: { ByRegion: { 'us-east-1': { zone: 'a' } } },
  Conditions: {
    InEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    Elsewhere: { 'Fn::Not': [{ Condition: 'InEurope' }] },
    Both: { 'Fn::And': [{ Condition: 'Elsewhere' }, { 'Fn::Equals': ['x', 'x'] }] },
    Either: { 'Fn::Or': [{ Condition: 'InEurope' }, { 'Fn::Equals': ['x', 'y'] }] },
  },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue' },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'named' } },
    Long: { Type: 'AWS::S3::Bucket' },
    Unheard: { Type: 'AWS::Unheard::Of' },
    EuropeOnly: { Type: 'AWS::SQS::Queue', Condition: 'InEurope' },
  },
});
const there = stack('there', {
  Resources: { Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'clicks' } } },
  Outputs: {
    Plain: { Value: { Ref: 'Stream' } },
    Exported: {
      Value: { 'Fn::GetAtt': 'Stream.Arn' },
      Export: { Name: { 'Fn::Join': [':', ['there', 'arn']] } },
    },
  },
});

const resolver = new Resolver([here, there], (name) => `http://queues/${name}`);
const at = { stack: 'here', logicalId: 'Test' };
const resolve = (value: unknown) => resolver.resolve(value, at, here);

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['leave plain values alone', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
    ['Ref a parameter', { Ref: 'Size' }, 3],
    ['Ref a queue: its URL', { Ref: 'Queue' }, 'http://queues/here-Queue'],
    ['Ref a bucket: its explicit name', { Ref: 'Bucket' }, 'named'],
    [
      'Ref pseudo parameters',
      [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::Partition' }, { Ref: 'AWS::StackName' }],
      ['000000000000', 'aws', 'here'],
    ],
    [
      'Ref nothing: the property is left out',
      { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] },
      { b: [1] },
    ],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::named'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.QueueName' }, 'here-Queue'],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'Bucket' }]] }, 'a/named'],
    [
      'Select of Split',
      { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Bucket', 'Arn'] }] }] },
      'named',
    ],
    [
      'Sub',
      { 'Fn::Sub': `${BRACE}AWS::Region}-${BRACE}Bucket}-${BRACE}Queue.Arn}-${BRACE}!Kept}` },
      `us-east-1-named-arn:aws:sqs:us-east-1:000000000000:here-Queue-${BRACE}Kept}`,
    ],
    ['Sub with variables', { 'Fn::Sub': [`${BRACE}One}`, { One: { Ref: 'Bucket' } }] }, 'named'],
    [
      'If',
      [{ 'Fn::If': ['InEurope', 1, 2] }, { 'Fn::If': ['Both', 1, 2] }, { 'Fn::If': ['Either', 1, 2] }],
      [2, 1, 2],
    ],
    ['FindInMap', { 'Fn::FindInMap': ['ByRegion', { Ref: 'AWS::Region' }, 'zone'] }, 'a'],
    [
      'ImportValue',
      { 'Fn::ImportValue': 'there:arn' },
      'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
    ],
    [
      'GetStackOutput: a weak reference',
      { 'Fn::GetStackOutput': { StackName: 'there', OutputName: 'Plain', Region: { Ref: 'AWS::Region' } } },
      'clicks',
    ],
    [
      'are not taken for the conditions of policies',
      { Condition: { Bool: { x: 'true' } } },
      { Condition: { Bool: { x: 'true' } } },
    ],
  ])('%s', (_what, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it.each<[unknown, RegExp]>([
    [{ Ref: 'Secret' }, /parameter Secret has no value/],
    [{ Ref: 'Missing' }, /there is no resource Missing/],
    [{ Ref: 'AWS::Unknown' }, /pseudo parameter AWS::Unknown/],
    [{ Ref: 'Unheard' }, /does not know how AWS::Unheard::Of is named/],
    [{ Ref: 'EuropeOnly' }, /there is no resource EuropeOnly/],
    [
      { 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] },
      /attribute WebsiteURL of Bucket \(AWS::S3::Bucket\) is not known/,
    ],
    [{ 'Fn::Transform': {} }, /the function Fn::Transform is not understood/],
    [{ 'Fn::Select': [3, ['a']] }, /finds no item 3/],
    [{ 'Fn::If': ['Nowhere', 1, 2] }, /Conditions\.Nowhere: there is no such condition/],
    [{ 'Fn::FindInMap': ['ByRegion', 'x', 'zone'] }, /Mappings have no ByRegion\.x\.zone/],
    [{ 'Fn::ImportValue': 'nothing' }, /no stack exports "nothing"/],
    [{ 'Fn::GetStackOutput': { StackName: 'there', OutputName: 'No' } }, /no output No of a stack there/],
    [{ 'Fn::Join': ['', { Ref: 'Bucket' }] }, /must be a list/],
  ])('that cannot be evaluated are an error: %j', (value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });

  it('name the place in the template', () => {
    expect(() =>
      resolver.resolve({ a: [{ Ref: 'Missing' }] }, { ...at, property: 'Properties' }, here),
    ).toThrow(
      'Template of stack "here", Test, property Properties.a.0: there is no resource Missing in the stack',
    );
  });

  it('give a bucket a name S3 accepts, however long its stack and id are', () => {
    const name = `Stack${'x'.repeat(80)}`;
    const long = stack(name, { Resources: { Bucket83908E77: { Type: 'AWS::S3::Bucket' } } });
    const resolved = new Resolver([long], String).resolve({ Ref: 'Bucket83908E77' }, at, long);
    expect(resolved).toMatch(/^stackx+-83908e77$/);
    expect(resolved).toHaveLength(63);
  });
});
