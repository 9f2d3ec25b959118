// SPDX-License-Identifier: Apache-2.0
// The translations are resources of this library; there is no code.
