# SPDX-License-Identifier: Apache-2.0
find_package(CLI11 REQUIRED)
find_package(absl CONFIG REQUIRED)
doorstep_add_executable(doorstep-phone
  SOURCES headless_phone.cpp phone_main.cpp phone_script.cpp
  DEPENDS doorstep_phone doorstep_sync_grpc LIBRARIES CLI11::CLI11 absl::synchronization)
