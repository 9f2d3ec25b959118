# SPDX-License-Identifier: Apache-2.0
find_package(CLI11 REQUIRED)
doorstep_add_library(doorstep_county_rota
  SOURCES county_day.cpp county_files.cpp county_names.cpp county_rota.cpp
  DEPENDS doorstep_core doorstep_server_roster)
doorstep_add_executable(doorstep-county
  SOURCES county_main.cpp
  DEPENDS doorstep_county_rota LIBRARIES CLI11::CLI11)
