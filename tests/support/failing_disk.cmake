# SPDX-License-Identifier: Apache-2.0
# Objects, not an archive: what stands in front of the C library must be in the program.
add_library(doorstep_failing_disk OBJECT failing_disk.cpp synced_disk.cpp)
target_link_libraries(doorstep_failing_disk PRIVATE doorstep_warnings PUBLIC doorstep_core)
target_include_directories(doorstep_failing_disk PUBLIC ${CMAKE_SOURCE_DIR})
