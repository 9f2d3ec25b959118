# SPDX-License-Identifier: Apache-2.0
# The front's port. A new attack is a row of front_attacks.cpp; a new method joins by being in the
# contract.
doorstep_add_executable(hostile_front_test
  SOURCES front_attacks.cpp front_attacks_test.cpp front_crowd_test.cpp front_methods_test.cpp
    hostile_messages.cpp
  DEPENDS doorstep_hostile_server doorstep_proto doorstep_catch_main
  LIBRARIES nlohmann_json::nlohmann_json)
add_test(NAME hostile.front COMMAND hostile_front_test)
set_tests_properties(hostile.front PROPERTIES LABELS hostile TIMEOUT ${hostile_timeout})
