// SPDX-License-Identifier: Apache-2.0
import { locale } from "../words/say";

const whole = new Intl.NumberFormat(locale);

// "1,204"
export const numberText = (count: number | bigint): string => whole.format(count);
