# SPDX-License-Identifier: Apache-2.0
# The folder that the program exports is read by another test, with the public schemas.
doorstep_add_executable(exports_loopback_test
  SOURCES exports_test.cpp
  DEPENDS doorstep_test_server doorstep_https_client doorstep_measure_files doorstep_catch_main)
add_dependencies(exports_loopback_test doorstep-recompute)
target_compile_definitions(exports_loopback_test PRIVATE
  DOORSTEP_RECOMPUTE_BINARY="$<TARGET_FILE:doorstep-recompute>"
  DOORSTEP_EXPORTED_FOLDER="${CMAKE_CURRENT_BINARY_DIR}/exported")
add_test(NAME loopback.exports COMMAND exports_loopback_test)
set_tests_properties(loopback.exports PROPERTIES FIXTURES_SETUP exported_folder)
find_program(DOORSTEP_NODE node REQUIRED)
add_test(NAME contract.exported_files
  COMMAND ${DOORSTEP_NODE} ${CMAKE_SOURCE_DIR}/tests/contract/exported_files_test.mjs
    ${CMAKE_CURRENT_BINARY_DIR}/exported)
set_tests_properties(contract.exported_files PROPERTIES FIXTURES_REQUIRED exported_folder)
