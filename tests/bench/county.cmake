# SPDX-License-Identifier: Apache-2.0
# The county-year and its questions; scripts/bench runs a month of a tenth of it.
find_package(CLI11 REQUIRED)
doorstep_add_executable(doorstep-bench-county
  SOURCES county_bench.cpp county_preview.cpp county_server.cpp
  DEPENDS doorstep_county_rota doorstep_records doorstep_intake doorstep_identity doorstep_office
    doorstep_plan_bindings doorstep_wire
  LIBRARIES CLI11::CLI11 fmt::fmt)
