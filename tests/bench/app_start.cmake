# SPDX-License-Identifier: Apache-2.0
if(DOORSTEP_APP)
  doorstep_add_executable(doorstep-bench-app_start SOURCES app_start_bench.cpp
    DEPENDS doorstep_phone LIBRARIES fmt::fmt nlohmann_json::nlohmann_json)
  target_compile_definitions(doorstep-bench-app_start PRIVATE
    DOORSTEP_APP="$<TARGET_FILE:doorstep-app>")
  add_dependencies(doorstep-bench-app_start doorstep-app)
endif()
