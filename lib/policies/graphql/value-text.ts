import { Kind } from 'graphql/language/kinds.js';
import type { TypeNode, ValueNode } from 'graphql';

/** A value as the GraphQL library for Java, the one in Apigee, shows it: `IntValue{value=123}`. */
export function valueText(value: ValueNode): string {
  switch (value.kind) {
    case Kind.VARIABLE:
      return `VariableReference{name='${value.name.value}'}`;
    case Kind.INT:
    case Kind.FLOAT:
      return `${value.kind}{value=${value.value}}`;
    case Kind.STRING:
      return `StringValue{value='${value.value}'}`;
    case Kind.BOOLEAN:
      return `BooleanValue{value=${String(value.value)}}`;
    case Kind.NULL:
      return 'NullValue{}';
    case Kind.ENUM:
      return `EnumValue{name='${value.value}'}`;
    case Kind.LIST:
      return `ArrayValue{values=[${value.values.map(valueText).join(', ')}]}`;
    case Kind.OBJECT:
      return `ObjectValue{objectFields=[${value.fields
        .map((field) => `ObjectField{name='${field.name.value}', value=${valueText(field.value)}}`)
        .join(', ')}]}`;
  }
}

/** A type in the same manner: `NonNullType{type=TypeName{name='Boolean'}}`. */
export function typeText(type: TypeNode): string {
  switch (type.kind) {
    case Kind.NAMED_TYPE:
      return `TypeName{name='${type.name.value}'}`;
    case Kind.LIST_TYPE:
      return `ListType{type=${typeText(type.type)}}`;
    case Kind.NON_NULL_TYPE:
      return `NonNullType{type=${typeText(type.type)}}`;
  }
}
