// SPDX-License-Identifier: Apache-2.0
// The one place where Catch2's main is compiled: it takes longer than most test files.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
