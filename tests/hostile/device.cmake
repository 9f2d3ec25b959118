# SPDX-License-Identifier: Apache-2.0
# The device port: strangers, and phones that say what no phone of ours says.
doorstep_add_executable(hostile_device_test
  SOURCES device_crowd_test.cpp device_door.cpp device_identity_test.cpp device_values_test.cpp
  DEPENDS doorstep_hostile_server doorstep_catch_main)
add_test(NAME hostile.device COMMAND hostile_device_test)
set_tests_properties(hostile.device PROPERTIES LABELS hostile TIMEOUT ${hostile_timeout})
