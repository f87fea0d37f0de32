import { type Collection, checkText } from './collection'

/** People: the devices make their keys. */
export const people: Collection = {
  name: 'people',
  key: 'client',
  fields: {
    name: { check: (value) => checkText(value, 40) },
    hue: {
      initial: 210,
      check: (value) =>
        Number.isInteger(value) && Number(value) >= 0 && Number(value) < 360
          ? undefined
          : 'must be a whole number from 0 to 359',
    },
  },
}
