# SPDX-License-Identifier: Apache-2.0
# Device certificates over real TLS: what the server gives, and what the app does with it.
doorstep_add_executable(certificate_renewal_test
  SOURCES certificate_renewal_test.cpp renewing_app_test.cpp
  DEPENDS doorstep_app_context doorstep_test_server doorstep_catch_main)
add_test(NAME loopback.certificate_renewal COMMAND certificate_renewal_test)
