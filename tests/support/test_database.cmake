# SPDX-License-Identifier: Apache-2.0
# Databases of tests, on either engine.
add_library(doorstep_test_database STATIC recorded_statements.cpp test_database.cpp)
target_link_libraries(doorstep_test_database PRIVATE doorstep_warnings doorstep_postgres
  PUBLIC doorstep_storage doorstep_sql)
target_include_directories(doorstep_test_database PUBLIC ${CMAKE_SOURCE_DIR})

# One PostgreSQL for a run of the tests; the tests of what stores data run once on each engine.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(DOORSTEP_CLUSTER ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/postgres/cluster.py
  CACHE INTERNAL "")
set(DOORSTEP_CLUSTER_NOTE ${CMAKE_BINARY_DIR}/postgres.json CACHE INTERNAL "")
add_test(NAME postgres.start COMMAND ${DOORSTEP_CLUSTER} start ${DOORSTEP_CLUSTER_NOTE})
add_test(NAME postgres.stop COMMAND ${DOORSTEP_CLUSTER} stop ${DOORSTEP_CLUSTER_NOTE})
set_tests_properties(postgres.start PROPERTIES FIXTURES_SETUP postgres)
set_tests_properties(postgres.stop PROPERTIES FIXTURES_CLEANUP postgres)

# doorstep_add_store_test(unit.sync-server.roster server_roster_test): adds unit.sync-server.roster,
# on SQLite, and unit.sync-server.roster.postgres. The first one notes its statements
# (conformance.statements).
set(DOORSTEP_STATEMENTS ${CMAKE_BINARY_DIR}/statements CACHE INTERNAL "")
file(MAKE_DIRECTORY ${DOORSTEP_STATEMENTS})
function(doorstep_add_store_test name program)
  add_test(NAME ${name} COMMAND ${program})
  set_tests_properties(${name} PROPERTIES FIXTURES_SETUP statements
    ENVIRONMENT DOORSTEP_TEST_STATEMENTS=${DOORSTEP_STATEMENTS}/${name})
  add_test(NAME ${name}.postgres COMMAND ${DOORSTEP_CLUSTER} run ${DOORSTEP_CLUSTER_NOTE}
    $<TARGET_FILE:${program}>)
  set_tests_properties(${name}.postgres PROPERTIES FIXTURES_REQUIRED postgres)
endfunction()
